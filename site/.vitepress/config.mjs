import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const pages = fileURLToPath(new URL('../pages/', import.meta.url));

/** A page, by its first heading. */
function page(path) {
  const [, title = path] = /^# (.*)$/m.exec(readFileSync(pages + path, 'utf8')) ?? [];
  return { text: title.replaceAll('`', ''), link: `/${path.replace(/(index)?\.md$/, '')}` };
}

const pagesIn = (folder) =>
  readdirSync(pages + folder)
    .filter((name) => name.endsWith('.md') && name !== 'index.md' && name !== 'README.md')
    .map((name) => page(folder + name));

export default defineConfig({
  title: 'hookcast',
  description: "A stand-in for Persona's webhook sender",
  srcDir: 'pages',
  cleanUrls: true,
  // Links to the reader's own machine; all others that are dead fail the build.
  ignoreDeadLinks: 'localhostLinks',
  themeConfig: {
    search: { provider: 'local' },
    sidebar: [
      { text: 'Start', items: [page('index.md')] },
      { text: 'Guides', items: pagesIn('') },
      { text: 'Checks', items: [page('checks/README.md'), ...pagesIn('checks/')], collapsed: true },
      { text: 'Decisions', items: pagesIn('decisions/'), collapsed: true },
    ],
  },
});
