/**
 * What is wrong with an answer, by code. The codes are those of Node's and undici's HTTP parser, so that an outcome
 * says the same whoever has read the answer. Each completes "the answer is malformed: …".
 */
const ANSWER_FAULTS: Readonly<Record<string, string>> = {
  HPE_INVALID_CONSTANT: 'it does not begin with HTTP/1.1 and a status',
  HPE_INVALID_VERSION: 'its HTTP version is unknown',
  HPE_INVALID_STATUS: 'its status is not a number from 100 to 999',
  HPE_CR_EXPECTED: 'a line ends with LF alone instead of CR LF',
  HPE_LF_EXPECTED: 'a CR is not followed by LF',
  HPE_INVALID_HEADER_TOKEN: 'a header has a character that is not allowed, such as a space before its colon',
  HPE_INVALID_CONTENT_LENGTH: 'its Content-Length is not a number',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'it has two Content-Length headers',
  HPE_INVALID_TRANSFER_ENCODING: 'it has both Content-Length and Transfer-Encoding',
  HPE_INVALID_CHUNK_SIZE: 'the size of a chunk is not a hexadecimal number',
  HPE_STRICT: 'a chunk is longer than its size says',
  HPE_INVALID_EOF_STATE: 'it ends in the middle',
  HPE_PAUSED_UPGRADE: 'it switches protocols (101), which the request did not ask for',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are longer than 16 KiB',
  HPE_HEADER_OVERFLOW: 'its headers are longer than 16 KiB',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its body does not fit its Content-Length or its status',
};

/** The code of an answer to http:// that is TLS. */
export const TLS_ANSWER_CODE = 'ERR_TLS_ANSWER';

/** The reason of `UND_ERR_SOCKET` where not a byte of an answer has come. */
export const CLOSED_WITHOUT_ANSWER = 'closed without an answer';

/** In words; undefined for a code that is not about the form of an answer. */
export function answerFault(code: string): string | undefined {
  if (Object.hasOwn(ANSWER_FAULTS, code)) return ANSWER_FAULTS[code];
  return code.startsWith('HPE_') || code === 'HTTPParserError'
    ? 'it breaks the rules of HTTP/1.1'
    : undefined;
}
