/** Lines of an answer as RFC 9112 has them, without CR LF; one character for each byte. */
export const STATUS_LINE = /^HTTP\/(0\.9|1\.0|1\.1|2\.0) (\d{3})(?: [^\0\r]*)?$/;
export const BEGIN_OF_STATUS_LINE =
  /^(?:H(?:T(?:T(?:P(?:\/(?:\d(?:\.(?:\d(?: [^\0\r\n]*\r?)?)?)?)?)?)?)?)?)?$/;
export const HEADER_LINE = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+):[ \t]*([^\0-\x08\x0a-\x1f\x7f]*)$/;
export const CHUNK_SIZE_LINE =
  /^([\da-f]{1,13})(?:;[!#$%&'*+\-.^_`|~\w]+(?:=(?:[!#$%&'*+\-.^_`|~\w]*|"(?:[^"\\\0-\x08\x0a-\x1f\x7f]|\\[\t -~\x80-\xff])*"))?)*$/i;
