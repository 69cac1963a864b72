/** What is to happen at a time. */
export interface Timed {
  /** Milliseconds. */
  readonly at: number;
  /** Decides among those of one moment. */
  readonly order: number;
}

/** A heap: the earliest first, among equals in the order of chance. */
export function createQueue<Turn extends Timed>() {
  const heap: Turn[] = [];
  const isBefore = (left: number, right: number) => {
    const [one, other] = [heap[left], heap[right]];
    return one !== undefined && other !== undefined && (one.at - other.at || one.order - other.order) < 0;
  };
  const swap = (left: number, right: number) => {
    [heap[left], heap[right]] = [heap[right] as Turn, heap[left] as Turn];
  };

  return {
    add: (turn: Turn) => {
      heap.push(turn);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (!isBefore(index, parent)) {
          return;
        }
        swap(index, parent);
        index = parent;
      }
    },
    take: (): Turn | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        for (let index = 0; ; ) {
          const left = 2 * index + 1;
          const least = isBefore(left + 1, left) ? left + 1 : left;
          if (!isBefore(least, index)) {
            break;
          }
          swap(index, least);
          index = least;
        }
      }
      return first;
    },
  };
}
