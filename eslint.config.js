import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom (docs/architecture.md): each folder of src names the folders to its right in the walk.
 * Everything that is not listed is forbidden, packages included.
 */
const FOLDERS = {
  json: { folders: [], packages: ['@humanwhocodes/momoa', 'zod'] },
  persona: { folders: [], packages: ['zod'] },
  fixture: { folders: ['json', 'persona'], packages: ['zod'] },
  event: { folders: ['json', 'fixture', 'persona'], packages: [] },
  payload: { folders: ['json', 'event', 'persona'], packages: [] },
  signing: { folders: ['persona'], packages: [] },
  delivery: { folders: ['persona', 'signing'], packages: ['p-retry'] },
  journal: { folders: ['json', 'persona', 'signing', 'webhook', 'delivery'], packages: ['flatqueue', 'zod'] },
  replay: { folders: ['json', 'persona', 'signing', 'delivery', 'journal'], packages: ['zod'] },
  volume: {
    folders: [
      'json',
      'fixture',
      'persona',
      'event',
      'payload',
      'signing',
      'webhook',
      'delivery',
      'scenario',
      'journal',
    ],
    packages: ['flatqueue', 'hdr-histogram-js', 'zod'],
  },
  scenario: { folders: ['json', 'fixture', 'persona', 'event', 'delivery'], packages: ['zod'] },
  webhook: { folders: ['json', 'fixture', 'persona', 'payload', 'signing', 'delivery'], packages: [] },
  conformance: {
    folders: ['json', 'fixture', 'event', 'payload', 'persona', 'signing', 'volume'],
    packages: ['fast-check', 'zod'],
  },
  queue: { folders: ['persona', 'signing', 'delivery', 'journal'], packages: ['zod'] },
  receiver: { folders: ['persona', 'signing', 'delivery'], packages: [] },
  // Types only.
  report: { folders: ['persona', 'delivery', 'conformance', 'journal', 'volume'], packages: ['chalk'] },
  adapters: {
    folders: [
      'json',
      'fixture',
      'persona',
      'delivery',
      'conformance',
      'journal',
      'queue',
      'receiver',
      'replay',
      'volume',
      'webhook',
    ],
    packages: ['undici', 'pure-rand', 'libsql', 'bullmq', 'ioredis'],
  },
};
const ALL_FOLDERS = [...Object.keys(FOLDERS), 'cli'];
const ALL_PACKAGES = [
  '@humanwhocodes/momoa',
  'zod',
  'p-retry',
  'undici',
  'pure-rand',
  'chalk',
  'commander',
  'fast-check',
  'libsql',
  'bullmq',
  'ioredis',
  'flatqueue',
  'hdr-histogram-js',
];

const boundaries = Object.entries(FOLDERS).map(([folder, allowed]) => ({
  files: [`src/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...ALL_FOLDERS.filter((other) => other !== folder && !allowed.folders.includes(other)).map(
            (other) => ({
              group: [`**/${other}/**`],
              message: `${folder} may not import ${other} (docs/architecture.md)`,
            }),
          ),
          ...ALL_PACKAGES.filter((name) => !allowed.packages.includes(name)).map((name) => ({
            group: [name, `${name}/**`],
            message: `${folder} may not import ${name} (docs/architecture.md)`,
          })),
        ],
      },
    ],
  },
}));

const noAmbientTimeOrChance = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'take a Clock',
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'take a Clock' },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'take a Random',
  },
  { selector: 'ExportDefaultDeclaration', message: 'named exports only' },
];

export default defineConfig(
  globalIgnores(['dist', 'coverage']),
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js', 'bin/*.js'] } } },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      complexity: ['error', 10],
      'no-console': 'error',
      'no-param-reassign': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['src/**'], rules: { 'no-restricted-syntax': ['error', ...noAmbientTimeOrChance] } },
  // The edge of the process: real time is what these are for.
  {
    files: ['src/adapters/**', 'src/cli/**'],
    rules: { 'no-restricted-syntax': ['error', noAmbientTimeOrChance[3]] },
  },
  ...boundaries,
  // One name per line: data.
  { files: ['src/persona/event-names.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Values of test documents are looked into without a type each.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A row of a table has as many columns as it needs.
      'max-params': 'off',
      complexity: 'off',
      // A model's step may not need all that another does.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off' },
  },
  // CommonJS, as bin/package.json says.
  {
    files: ['bin/*.js'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
