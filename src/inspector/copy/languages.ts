import type { CopiedRequest } from './request.ts';

export interface Language {
  readonly name: string;
  readonly write: (request: CopiedRequest) => string;
}

/** For a POSIX shell. */
const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** JSON's strings are strings of Python, Go and Java too, as long as nothing in them is outside of Unicode. */
const quoted = (text: string) => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
const ruby = (text: string) => quoted(text).replaceAll('#', '\\#');
const php = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const isBinary = ({ bodyEncoding }: CopiedRequest) => bodyEncoding === 'base64';

function curl({ url, headers, body, bodyEncoding }: CopiedRequest): string {
  const flags = headers.map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`);
  const isBase64 = bodyEncoding === 'base64';
  const data = isBase64 ? '--data-binary @-' : `--data-raw ${shell(body)}`;
  const start = isBase64 ? `printf %s ${shell(body)} | base64 -d | ` : '';
  return `${start}${[`curl ${shell(url)}`, ...flags, data].join(' \\\n  ')}`;
}

function python(request: CopiedRequest): string {
  const { url, headers, body } = request;
  const pairs = headers.map(([name, value]) => `    ${quoted(name)}: ${quoted(value)},`);
  const data = isBinary(request) ? `base64.b64decode(${quoted(body)})` : `${quoted(body)}.encode()`;
  return [
    `import ${isBinary(request) ? 'base64, ' : ''}urllib.error, urllib.request`,
    '',
    `body = ${data}`,
    'headers = {',
    ...pairs,
    '}',
    `request = urllib.request.Request(${quoted(url)}, body, headers, method="POST")`,
    'try:',
    '    with urllib.request.urlopen(request, timeout=5) as response:',
    '        print(response.status)',
    'except urllib.error.HTTPError as error:',
    '    print(error.code)',
  ].join('\n');
}

function rubyScript(request: CopiedRequest): string {
  const { url, headers, body } = request;
  const pairs = headers.map(([name, value]) => `  ${ruby(name)} => ${ruby(value)},`);
  const data = isBinary(request) ? `${ruby(body)}.unpack1("m")` : ruby(body);
  return [
    'require "net/http"',
    '',
    `body = ${data}`,
    'headers = {',
    ...pairs,
    '}',
    `puts Net::HTTP.post(URI(${ruby(url)}), body, headers).code`,
  ].join('\n');
}

function go(request: CopiedRequest): string {
  const { url, headers, body } = request;
  const reader = isBinary(request)
    ? `base64.NewDecoder(base64.StdEncoding, strings.NewReader(${quoted(body)}))`
    : `strings.NewReader(${quoted(body)})`;
  const imports = [...(isBinary(request) ? ['encoding/base64'] : []), 'fmt', 'net/http', 'strings'];
  return [
    'package main',
    '',
    'import (',
    ...imports.map((name) => `\t"${name}"`),
    ')',
    '',
    'func main() {',
    `\tbody := ${reader}`,
    `\trequest, err := http.NewRequest("POST", ${quoted(url)}, body)`,
    ...['\tif err != nil {', '\t\tpanic(err)', '\t}'],
    ...headers.map(([name, value]) => `\trequest.Header.Set(${quoted(name)}, ${quoted(value)})`),
    '\tresponse, err := http.DefaultClient.Do(request)',
    ...['\tif err != nil {', '\t\tpanic(err)', '\t}'],
    '\tdefer response.Body.Close()',
    '\tfmt.Println(response.StatusCode)',
    '}',
  ].join('\n');
}

function java(request: CopiedRequest): string {
  const { url, headers, body } = request;
  const publisher = isBinary(request)
    ? `ofByteArray(java.util.Base64.getDecoder().decode(${quoted(body)}))`
    : `ofString(${quoted(body)})`;
  return [
    'import java.net.URI;',
    'import java.net.http.*;',
    '',
    'public class Send {',
    '  public static void main(String[] args) throws Exception {',
    `    var request = HttpRequest.newBuilder(URI.create(${quoted(url)}))`,
    ...headers.map(([name, value]) => `        .header(${quoted(name)}, ${quoted(value)})`),
    `        .POST(HttpRequest.BodyPublishers.${publisher})`,
    '        .build();',
    '    var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    '    System.out.println(response.statusCode());',
    '  }',
    '}',
  ].join('\n');
}

function phpScript(request: CopiedRequest): string {
  const { url, headers, body } = request;
  const pairs = headers.map(([name, value]) => `        ${php(`${name}: ${value}`)},`);
  return [
    '<?php',
    `$body = ${isBinary(request) ? `base64_decode(${php(body)})` : php(body)};`,
    `$curl = curl_init(${php(url)});`,
    'curl_setopt_array($curl, [',
    '    CURLOPT_POST => true,',
    '    CURLOPT_POSTFIELDS => $body,',
    '    CURLOPT_RETURNTRANSFER => true,',
    '    CURLOPT_HTTPHEADER => [',
    ...pairs,
    '    ],',
    ']);',
    'curl_exec($curl);',
    'echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE), "\\n";',
  ].join('\n');
}

/** An attempt's exact request: the same bytes and the same signature, so `t` grows old. */
export const LANGUAGES: readonly Language[] = [
  { name: 'curl', write: curl },
  { name: 'Python', write: python },
  { name: 'Ruby', write: rubyScript },
  { name: 'Go', write: go },
  { name: 'Java', write: java },
  { name: 'PHP', write: phpScript },
];

/** The command that sends such an event, built and signed again. */
export function commandLine(eventName: string, url: string): string {
  return `hookcast send ${shell(eventName)} --to ${shell(url)}`;
}
