import { describe, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

describe('a value in the wrong place is named with its flag', () => {
  test.each([
    [
      ['conform', 'http://127.0.0.1:3000/hooks'],
      "error: 'http://127.0.0.1:3000/hooks' is a URL: pass it as --to http://127.0.0.1:3000/hooks\n(see: hookcast conform --help)\n",
    ],
    [
      ['load', 'http://me:hidden@127.0.0.1/'],
      "error: 'http://[secret]@127.0.0.1/' is a URL: pass it as --to http://[secret]@127.0.0.1/\n(see: hookcast load --help)\n",
    ],
    [
      ['send', 'inquiry.approved', 'http://127.0.0.1:3000/'],
      "error: 'http://127.0.0.1:3000/' is a URL: pass it as --to http://127.0.0.1:3000/\n",
    ],
    [
      ['resume', 'hookcast.db'],
      "error: 'hookcast.db' looks like a journal: pass it as --journal hookcast.db\n(see: hookcast resume --help)\n",
    ],
    [
      ['send', 'inquiry.approved', '--url', 'http://127.0.0.1:3000/'],
      "error: unknown option '--url'; the receiver's URL is --to <url>\n(see: hookcast send --help)\n",
    ],
    [
      ['health', '--url', 'http://127.0.0.1:4665'],
      "error: unknown option '--url'; the URL needs no flag: hookcast health <url>\n(see: hookcast health --help)\n",
    ],
    [
      ['resume', 'a', 'b'],
      "error: too many arguments for 'resume'. Expected 0 arguments but got 2.\n(see: hookcast resume --help)\n",
    ],
    [['addresses', '--url', 'x'], "error: unknown option '--url'\n(see: hookcast addresses --help)\n"],
  ])('%j', async (argv, stderr) => {
    expect(await runCli(argv)).toMatchObject({ code: 2, stdout: '', stderr });
  });
});
