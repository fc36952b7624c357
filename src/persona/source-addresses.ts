/**
 * The addresses that Persona's webhooks come from, by region (DOCS security, 2026; the list for workflow HTTP steps is
 * the same).
 */
export const SOURCE_ADDRESSES = {
  'United States': [
    ...['35.232.44.140', '34.69.131.123', '34.67.4.225', '34.66.30.174', '34.123.74.158', '34.41.116.165'],
    ...['34.145.62.98', '34.105.116.226', '34.168.249.74', '35.199.156.187', '34.105.58.25', '35.230.80.200'],
  ],
  Germany: [
    ...['35.246.155.45', '34.89.193.61', '34.89.158.43', '35.198.149.197', '34.159.83.62', '34.159.68.157'],
  ],
  India: ['34.93.21.229', '35.244.13.71', '34.93.90.104', '34.93.222.99'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What older guides list, and nothing more: a receiver that allows only these refuses newer ones. */
export const OLD_SOURCE_ADDRESSES = ['35.232.44.140', '34.69.131.123', '34.67.4.225'] as const;
export const NEW_SOURCE_ADDRESS = SOURCE_ADDRESSES.Germany[0];
