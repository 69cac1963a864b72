/** Characters of name and values that a history entry has room for. */
const ROOM = 166;
const CUT = '[...]';

/** Where there is no room for all of it, the old value has to do with little and the new one gets the rest. */
export function describeField(name: string, value: string, old: string): string {
  const entry = (is: string, was: string) => `%%FieldName%%${name}%%Value%%${is}%%OldValue%%${was}`;
  // By characters, of which an emoji is one.
  const [is, before] = [Array.from(value), Array.from(old)];
  if (name.length + is.length + before.length <= ROOM) {
    return entry(value, old);
  }

  const was = before.length > 55 ? `${before.slice(0, 50).join('')}${CUT}` : old;
  const limit = ROOM - Array.from(was).length - name.length - CUT.length;
  return entry(is.length > limit ? `${is.slice(0, limit).join('')}${CUT}` : value, was);
}
