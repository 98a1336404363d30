import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts'];
const PLAIN_SCRIPTS = ['**/*.mjs', '**/*.cjs'];
const CONFIG_FILES = ['*.config.ts', '*.config.mjs'];

/** Folders that run in a worker, a test or a page alike: they see neither a page nor a process. */
const PURE = [
  ...['scenario', 'random', 'theory', 'plan', 'cpu'].map((folder) => `src/${folder}/**/*.ts`),
  'bench/measure/**/*.ts',
];
/** Library code answers with values and errors; only the command line and the page print. */
const SILENT = ['src/**/*.ts', 'bench/measure/**/*.ts'];

const DOM_GLOBALS = [
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'fetch',
  'requestAnimationFrame',
];
const NODE_GLOBALS = ['process', 'Buffer', 'global', '__dirname', '__filename', 'require', 'setImmediate'];
const notIn = (reason) => (name) => ({ name, message: `${reason} (${name}).` });

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by name, so that it has the same name everywhere.',
};
const NO_ENUM = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };

const PLAIN_RULES = {
  eqeqeq: 'error',
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-debugger': 'error',
  'no-dupe-keys': 'error',
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-escape': 'error',
  'no-useless-rename': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

const TYPE_AWARE_RULES = {
  '@typescript-eslint/ban-ts-comment': 'error',
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/no-deprecated': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/return-await': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

export default defineConfig(
  globalIgnores(['dist/', 'backfire-out/', 'node_modules/']),
  // A comment cannot switch a rule off.
  { linterOptions: { noInlineConfig: true } },
  { rules: PLAIN_RULES },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...TYPE_AWARE_RULES, 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, NO_ENUM] },
  },
  {
    files: PLAIN_SCRIPTS,
    extends: [tseslint.configs.recommended],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  { files: CONFIG_FILES, rules: { 'no-restricted-syntax': 'off' } },
  { files: SILENT, ignores: ['src/cli/**'], rules: { 'no-console': 'error' } },
  {
    files: PURE,
    ignores: ['**/*_node.ts', 'src/cpu/worker_entry.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...DOM_GLOBALS.map(notIn('This folder is pure: it sees no page')),
        ...NODE_GLOBALS.map(notIn('This folder is pure: it sees no process')),
      ],
    },
  },
  {
    files: ['web/**/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/best-practice']],
    plugins: { 'lit-a11y': litA11y },
    rules: litA11y.configs.recommended.rules,
  },
);
