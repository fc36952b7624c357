/** A pattern in which each `*` stands for any text, as an expression for the whole of a name. */
export function globExpression(pattern: string, flags = ''): RegExp {
  const literal = pattern.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]/]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, flags);
}
