/** What all looks together may have on the disk ahead of its turn. */
export interface Allowance {
  /** Whether there is room for one file more of this size; if so, it is taken. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

const MOST = { bytes: 512 * 1024 * 1024, files: 200 };

/** Every spooled file is an open one, too, so their number is bounded like their bytes. */
export function createAllowance(most: typeof MOST = MOST): Allowance {
  let { bytes: bytesLeft, files: filesLeft } = most;
  return {
    take: (bytes) => {
      const isRoom = filesLeft > 0 && bytes <= bytesLeft;
      if (isRoom) {
        bytesLeft -= bytes;
        filesLeft -= 1;
      }
      return isRoom;
    },
    giveBack: (bytes) => {
      bytesLeft += bytes;
      filesLeft += 1;
    },
  };
}
