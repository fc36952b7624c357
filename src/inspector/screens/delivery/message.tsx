import { useState } from 'preact/hooks';
import { Code, CopyButton } from '../../parts/code.tsx';
import { byteCount, unixTime } from '../../text/format.ts';
import { bytesOf, hexDump, type Body } from '../../text/bytes.ts';
import { prettyJson } from '../../text/json.ts';
import { visible } from '../../text/visible.ts';

interface MessageProps {
  /** `POST http://…` or `HTTP 200`. */
  readonly first: string;
  readonly message: Body & {
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly bodyBytes: number;
  };
  readonly sha256?: string;
  /** The body went on, but was not kept. */
  readonly isCut?: boolean;
}

/** What Persona's own headers tell. */
const EXPLAINED: Readonly<Record<string, (value: string) => string>> = {
  'persona-signature': () => 'see the tab Signature',
  'persona-webhook-attempts-made': () => 'this one included',
  'persona-webhook-attempts-left': () => 'may follow if this one fails',
  'persona-webhook-first-attempted-at': (value) => `the first attempt: ${unixTime(value)}`,
};

export function Message({ first, message, sha256, isCut = false }: MessageProps) {
  return (
    <>
      <div class="bar">
        <p class="first mono">{first}</p>
        <CopyButton text={headText(message.headers)} what="the headers" label="Copy headers" />
      </div>
      <Headers headers={message.headers} />
      <BodyView message={message} />
      <p class="facts">
        <span>{byteCount(message.bodyBytes)}</span>
        {isCut && <span class="warn">the answer was longer; this is its beginning</span>}
        {sha256 !== undefined && (
          <span class="mono">
            sha256 {sha256} <CopyButton text={sha256} what="the SHA-256" />
          </span>
        )}
      </p>
    </>
  );
}

type Headers = MessageProps['message']['headers'];

function Headers({ headers }: { headers: Headers }) {
  return (
    <table class="headers">
      <caption class="hidden">Headers</caption>
      <tbody>
        {Object.entries(headers).map(([name, value]) => {
          const text = [value].flat().join('\n');
          const why = EXPLAINED[name.toLowerCase()]?.(text);
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {visible(text)}
                {why !== undefined && <span class="why">{why}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const headText = (headers: Headers) =>
  Object.entries(headers)
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
    .join('\n');

type View = 'Pretty' | 'Raw' | 'Hex';

function BodyView({ message }: Pick<MessageProps, 'message'>) {
  const [wanted, setWanted] = useState<View>('Pretty');
  const isText = message.bodyEncoding === undefined;
  const pretty = isText ? prettyJson(message.body) : undefined;
  const views: readonly View[] = [...(pretty === undefined ? [] : ['Pretty' as const]), 'Raw', 'Hex'];
  const view = views.includes(wanted) ? wanted : isText ? 'Raw' : 'Hex';
  if (message.bodyBytes === 0) return <p class="hint">The body is empty.</p>;
  const text = textOf(view, message, pretty);
  return (
    <div class="body">
      <div class="bar">
        <div class="segments" role="group" aria-label="Show the body as">
          {views.map((name) => (
            <button key={name} type="button" aria-pressed={name === view} onClick={() => setWanted(name)}>
              {name}
            </button>
          ))}
        </div>
        <CopyButton text={text} what="the body" />
      </div>
      <Code text={text} label="Body" />
    </div>
  );
}

function textOf(view: View, message: Body, pretty: string | undefined): string {
  switch (view) {
    case 'Pretty':
      return pretty ?? message.body;
    case 'Raw':
      return message.body;
    case 'Hex':
      return hexDump(bytesOf(message));
  }
}
