/** An address without its login, for people and logs. */
export function addressOfUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}

/** The virtual host of an AMQP address. */
export function virtualHostOf(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  return name === '' ? '/' : name;
}
