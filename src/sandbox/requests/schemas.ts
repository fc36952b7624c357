// Schemas of all bodies: loaded with the first request that can have one.
export * from './inquiry.ts';
export * from './others.ts';
export * from './report.ts';
