import { STATUS_CODES } from 'node:http';
import type { Timings } from '../../ports.ts';
import { bodyText } from '../body-text.ts';
import { headerOf, type HeaderList, type Recording } from '../recording.ts';

/** The archive in pieces, one entry at a time: a file of any size. HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/ */
export async function* harText(
  recordings: AsyncIterable<Recording> | Iterable<Recording>,
  { version }: { version: string },
): AsyncGenerator<string> {
  const creator = JSON.stringify({ name: 'hookcast', version });
  yield `{"log":{"version":"1.2","creator":${creator},"entries":[`;
  let separator = '\n';
  for await (const recording of recordings) {
    yield separator + JSON.stringify(entryOf(recording));
    separator = ',\n';
  }
  yield '\n]}}\n';
}

function entryOf(recording: Recording) {
  const phases = phasesOf(recording.timings);
  return {
    startedDateTime: new Date(recording.atMs ?? 0).toISOString(),
    time: phases.wait + phases.receive + Math.max(0, phases.connect),
    request: requestOf(recording),
    response: responseOf(recording),
    cache: {},
    timings: phases,
    _hookcast: ownMembers(recording),
  };
}

/** -1: not known, or there was none. */
function phasesOf({ connectMs = -1, firstByteMs, totalMs }: Timings = { totalMs: 0 }) {
  const answeredMs = firstByteMs ?? totalMs;
  const wait = Math.max(0, answeredMs - Math.max(0, connectMs));
  return { connect: connectMs, send: 0, wait, receive: Math.max(0, totalMs - answeredMs) };
}

function requestOf({ method, url, headers, body }: Recording) {
  const { text, encoding } = bodyText(body);
  return {
    ...{ method, url, httpVersion: 'HTTP/1.1', cookies: [], headers: named(headers) },
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    postData: {
      mimeType: headerOf(headers, 'content-type') ?? '',
      text,
      // HAR 1.2 knows an encoding of responses only.
      ...(encoding === undefined ? {} : { _encoding: encoding }),
    },
    ...{ headersSize: -1, bodySize: body.length },
  };
}

function responseOf({ answer }: Recording) {
  const { status = 0, headers = [], body = Buffer.alloc(0) } = answer ?? {};
  return {
    ...{ status, statusText: STATUS_CODES[status] ?? '', httpVersion: 'HTTP/1.1', cookies: [] },
    headers: named(headers),
    content: { size: body.length, mimeType: headerOf(headers, 'content-type') ?? '', ...bodyText(body) },
    ...{ redirectURL: headerOf(headers, 'location') ?? '', headersSize: -1 },
    bodySize: answer === undefined ? -1 : body.length,
  };
}

function ownMembers({ atMs, eventId, eventName, attempt, deliveryId, altered, ...rest }: Recording) {
  return {
    atUnknown: atMs === undefined ? true : undefined,
    ...{ eventId, eventName, attempt, deliveryId, altered },
    truncated: rest.answer?.truncated === true ? true : undefined,
    ...{ failure: rest.failure, timings: rest.timings },
  };
}

function named(headers: HeaderList) {
  return headers.map(([name, value]) => ({ name, value }));
}
