/** Headers that let in whoever knows them. A signature is none: it says nothing about its key. */
export const CREDENTIAL_HEADER = /^(?:proxy-)?authorization$|cookie|secret|token|password|api-?key/i;
