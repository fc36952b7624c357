export interface SignatureSet {
  readonly t: string;
  readonly v1: string;
}

export function headerOf(headers: Readonly<Record<string, string | string[]>>): string | undefined {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'persona-signature')?.[1];
  return found === undefined ? undefined : [found].flat().join(' ');
}

/** `t=…,v1=…` for each secret, separated by spaces. */
export function setsOf(header: string): readonly SignatureSet[] {
  return header.split(/\s+/).flatMap((part) => {
    const pairs = new Map(
      part.split(',').map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]),
    );
    const [t, v1] = [pairs.get('t'), pairs.get('v1')];
    return t === undefined || v1 === undefined ? [] : [{ t, v1 }];
  });
}
