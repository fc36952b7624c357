import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom, in the order of the layers (docs/architecture.md): a spine from the fixture to the delivery, wings
 * that hang on it, the simulator that joins them, the command line on top. What is not listed is forbidden, packages
 * included.
 */
const FOLDERS = {
  text: { folders: [], packages: [] },
  json: { folders: ['text'], packages: ['@humanwhocodes/momoa', 'zod'] },
  persona: { folders: [], packages: ['zod'] },
  fixture: { folders: ['text', 'json', 'persona'], packages: ['zod'] },
  event: { folders: ['text', 'json', 'persona', 'fixture'], packages: ['pure-rand'] },
  payload: { folders: ['text', 'json', 'persona', 'event'], packages: [] },
  signing: { folders: ['json', 'persona'], packages: [] },
  delivery: { folders: ['persona', 'signing'], packages: ['p-retry'] },
  webhook: {
    folders: ['text', 'json', 'persona', 'fixture', 'payload', 'signing', 'delivery'],
    packages: ['zod'],
  },
  http: { folders: ['delivery'], packages: ['undici'] },
  scenario: { folders: ['text', 'json', 'persona', 'fixture', 'event', 'delivery'], packages: ['zod'] },
  render: {
    folders: [
      ...['text', 'json', 'persona', 'fixture', 'event', 'payload', 'webhook'],
      ...['scenario', 'journal'],
    ],
    packages: [],
  },
  journal: {
    folders: ['text', 'json', 'persona', 'fixture', 'signing', 'webhook', 'delivery', 'render'],
    packages: ['flatqueue', 'libsql', 'zod'],
  },
  queue: {
    folders: ['text', 'persona', 'signing', 'delivery', 'webhook', 'journal'],
    packages: ['bullmq', 'ioredis', 'zod'],
  },
  receiver: { folders: ['persona', 'signing', 'delivery'], packages: [] },
  recording: {
    folders: ['text', 'json', 'persona', 'signing', 'delivery', 'http', 'journal', 'receiver'],
    packages: ['zod'],
  },
  load: {
    folders: [
      ...['persona', 'fixture', 'event', 'signing', 'webhook', 'delivery', 'http', 'render', 'journal'],
    ],
    packages: ['flatqueue'],
  },
  conformance: {
    folders: [
      ...['text', 'json', 'persona', 'fixture', 'event', 'payload', 'signing', 'webhook', 'delivery', 'http'],
      ...['load', 'receiver'],
    ],
    packages: ['fast-check', 'zod'],
  },
  report: {
    folders: ['text', 'persona', 'delivery', 'conformance', 'journal', 'load'],
    packages: ['chalk'],
  },
  simulator: {
    folders: [
      ...[
        'json',
        'persona',
        'fixture',
        'event',
        'payload',
        'signing',
        'webhook',
        'delivery',
        'http',
        'scenario',
      ],
      ...['render', 'journal', 'queue', 'recording', 'load'],
    ],
    packages: [],
  },
  sandbox: {
    folders: [
      ...['text', 'json', 'persona', 'fixture', 'event', 'payload', 'signing', 'webhook', 'delivery', 'http'],
      ...['scenario', 'receiver', 'simulator'],
    ],
    packages: ['hono', '@hono/node-server', 'flatqueue', 'zod'],
  },
  server: {
    folders: [
      ...['text', 'json', 'persona', 'fixture', 'event', 'payload', 'signing', 'webhook', 'delivery', 'http'],
      ...['scenario', 'journal', 'receiver', 'recording', 'conformance', 'report', 'simulator', 'sandbox'],
    ],
    packages: ['chalk', 'hono', '@hono/node-server', 'zod'],
  },
};
/** Files at the root of src: what every folder may use, and the library's table of contents. */
const ROOT_FILES = { errors: ['text'], ports: [], index: Object.keys(FOLDERS) };
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
  'hono',
  '@hono/node-server',
];

/** What `name` may not import: each folder and package that its row does not list. */
function restricted(name, folders, packages) {
  const message = `${name} may not import this (docs/architecture.md)`;
  const others = ALL_FOLDERS.filter((other) => other !== name && !folders.includes(other));
  const patterns = [
    ...others.map((other) => ({ group: [`**/${other}/**`], message })),
    ...ALL_PACKAGES.filter((other) => !packages.includes(other)).map((other) => ({
      regex: `^${other}(/|$)`,
      message,
    })),
  ];
  return { 'no-restricted-imports': ['error', { patterns }] };
}

/** Folders of the inspector that are called like folders of src. */
const OWN_FOLDERS = ['text', 'delivery', 'conformance'];

/** A program of its own, for browsers: it knows the server by the types of its answers. */
const inspectorBoundary = {
  files: ['src/inspector/**'],
  rules: {
    'no-restricted-imports': 'off',
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...ALL_FOLDERS.filter((folder) => !OWN_FOLDERS.includes(folder)).map((folder) => ({
            group: [`**/${folder}/**`],
            allowTypeImports: folder === 'server',
            message: 'inspector may import types of the server, and nothing else (docs/architecture.md)',
          })),
          ...ALL_PACKAGES.filter((name) => name !== 'zod').map((name) => ({ regex: `^${name}(/|$)` })),
          { regex: '^(zod|node:.*)$', allowTypeImports: true },
        ],
      },
    ],
  },
};

const boundaries = [
  ...Object.entries(FOLDERS).map(([name, { folders, packages }]) => ({
    files: [`src/${name}/**`],
    rules: restricted(name, folders, packages),
  })),
  ...Object.entries(ROOT_FILES).map(([name, folders]) => ({
    files: [`src/${name}.ts`],
    rules: restricted(name, folders, []),
  })),
];

/** The edges of the process, where real time is what the code is for. */
const EDGES = [
  'src/cli/**',
  'src/delivery/system-clock.ts',
  'src/event/seeded-random.ts',
  'src/http/**',
  'src/inspector/**',
  'src/journal/sqlite/**',
  'src/load/engine/alarm-clock.ts',
  'src/load/workers/**',
  'src/queue/bullmq/**',
  'src/recording/proxy.ts',
];

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
  globalIgnores(['dist', 'coverage', 'site/pages', 'site/.vitepress/cache', 'site/.vitepress/dist']),
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
  { files: EDGES, rules: { 'no-restricted-syntax': ['error', noAmbientTimeOrChance[3]] } },
  ...boundaries,
  inspectorBoundary,
  // One name per line: data.
  { files: ['src/persona/event-names.ts', 'src/persona/api-operations.ts'], rules: { 'max-lines': 'off' } },
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
