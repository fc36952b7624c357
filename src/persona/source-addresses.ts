/**
 * Some of the addresses that Persona's webhooks come from (DOCS security, 2026): those that older guides had,
 * and one that was added later.
 */
export const OLD_SOURCE_ADDRESSES = ['35.232.44.140', '34.69.131.123', '34.67.4.225'] as const;
export const NEW_SOURCE_ADDRESS = '35.246.155.45';
