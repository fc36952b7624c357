import { getText } from '../api/client.ts';

/** Saves what the API answers as a file: a link would send no token. */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([await getText(path)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
