// Copies README.md and docs/ into pages/, where VitePress finds them. Links between pages stay; those that lead out of
// docs/ lead to the repository. The sources remain Markdown that is read in an editor.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = fileURLToPath(new URL('pages', import.meta.url));
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const source = repository.url.replace(/^git\+|\.git$/g, '');

const files = readdirSync(join(root, 'docs'), { recursive: true })
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.md') || /\.(png|svg)$/.test(path));

rmSync(pages, { recursive: true, force: true });
for (const path of ['README.md', ...files]) {
  const target = join(pages, pageOf(path));
  mkdirSync(dirname(target), { recursive: true });
  const content = readFileSync(join(root, path));
  writeFileSync(target, path.endsWith('.md') ? withLinks(path, content.toString('utf8')) : content);
}

function pageOf(path) {
  return path === 'README.md' ? 'index.md' : path.slice('docs/'.length);
}

/** @throws when a link leads to a file that does not exist */
function withLinks(path, text) {
  return text.replaceAll(/\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g, (_, href, anchor = '') => {
    const target = posix.normalize(posix.join(posix.dirname(path), href));
    if (!existsSync(join(root, target))) throw new Error(`${path}: dead link ${href}`);
    const isPage = target === 'README.md' || files.includes(target);
    const to = isPage
      ? posix.relative(posix.dirname(pageOf(path)), pageOf(target))
      : `${source}/blob/main/${target}`;
    return `](${to}${anchor})`;
  });
}
