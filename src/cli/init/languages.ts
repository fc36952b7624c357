import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How a project in this language is recognised, started in CI, and answers as an oracle. */
export interface Language {
  readonly name: string;
  /** Any of these in the project's folder. */
  readonly marks: readonly string[];
  /** Prepares the project in CI. */
  readonly install: string;
  /** Starts the receiver; a guess that the user is asked about. */
  readonly start: string;
  readonly image: string;
  /** GitHub's setup action and its inputs; absent for what its machines have installed. */
  readonly setup?: { readonly action: string; readonly with: string } | undefined;
  readonly oracle: { readonly file: string; readonly run: string };
}

export const LANGUAGES: readonly Language[] = [
  {
    name: 'Node',
    marks: ['package.json'],
    install: 'npm ci',
    start: 'npm start',
    image: 'node:24-slim',
    oracle: { file: 'oracle.mjs', run: 'node hookcast/oracle.mjs' },
  },
  {
    name: 'Python',
    marks: ['requirements.txt', 'pyproject.toml'],
    install: 'pip install -r requirements.txt',
    start: 'python app.py',
    image: 'python:3.14-slim',
    setup: { action: 'actions/setup-python@v6', with: "python-version: '3.14'" },
    oracle: { file: 'oracle.py', run: 'python3 hookcast/oracle.py' },
  },
  {
    name: 'Ruby',
    marks: ['Gemfile'],
    install: 'bundle install',
    start: 'bundle exec rackup --port 3000',
    image: 'ruby:3.4-slim',
    setup: { action: 'ruby/setup-ruby@v1', with: "ruby-version: '3.4'" },
    oracle: { file: 'oracle.rb', run: 'ruby hookcast/oracle.rb' },
  },
  {
    name: 'Go',
    marks: ['go.mod'],
    install: 'go build ./...',
    start: 'go run .',
    image: 'golang:1.25',
    setup: { action: 'actions/setup-go@v6', with: 'go-version: stable' },
    oracle: { file: 'oracle.go', run: 'go run ./hookcast' },
  },
  {
    name: 'PHP',
    marks: ['composer.json'],
    install: 'composer install',
    start: 'php -S 127.0.0.1:3000 -t public',
    image: 'php:8.4-cli',
    oracle: { file: 'oracle.php', run: 'php -S 127.0.0.1:3001 hookcast/oracle.php' },
  },
  {
    name: 'Java',
    marks: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
    install: 'java -version',
    start: './mvnw spring-boot:run',
    image: 'eclipse-temurin:25',
    setup: { action: 'actions/setup-java@v5', with: "distribution: temurin\n          java-version: '25'" },
    oracle: { file: 'Oracle.java', run: 'java hookcast/Oracle.java' },
  },
];

/** The first language whose files are in the folder. */
export function languageOf(folder: string): Language | undefined {
  return LANGUAGES.find(({ marks }) => marks.some((mark) => existsSync(join(folder, mark))));
}
