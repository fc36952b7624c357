/**
 * One form for the three key conventions: `emailAddress`, `email_address` and `email-address` all become
 * `email-address`. A digit starts a part of its own, since Persona's camel case of `address-street-1` is
 * `addressStreet1`. `*` stands for itself.
 */
export function canonicalKey(key: string): string {
  return key
    .replace(/([a-z0-9*])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replace(/([A-Za-z])(\d)/g, '$1-$2')
    .replace(/_/g, '-')
    .toLowerCase();
}
