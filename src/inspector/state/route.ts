import { signal } from '@preact/signals';

/** `#/deliveries/d12?state=failed&attempt=2` */
export interface Route {
  readonly screen: string;
  readonly id: string | undefined;
  readonly params: Readonly<Record<string, string>>;
}

export const route = signal<Route>(readRoute());

function readRoute(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [screen = '', id] = path.split('/').map(decodeURIComponent);
  const params = Object.fromEntries(new URLSearchParams(query));
  return { screen: screen === '' ? 'deliveries' : screen, id: id === '' ? undefined : id, params };
}

export function followAddress(): void {
  addEventListener('hashchange', () => (route.value = readRoute()));
  route.value = readRoute();
}

export function addressOf({ screen, id, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  const path = id === undefined ? screen : `${screen}/${encodeURIComponent(id)}`;
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

const FILTERS = ['state', 'event', 'webhook', 'q'] as const;

/** The filters of the list stay while one delivery after the other is looked at. */
export function deliveryAddress(id: string | undefined, more: Readonly<Record<string, string>> = {}): string {
  const { params } = route.value;
  const kept = Object.fromEntries(FILTERS.map((name) => [name, params[name] ?? '']));
  return addressOf({ screen: 'deliveries', id, params: { ...kept, ...more } });
}

export function go(address: string): void {
  location.hash = address;
}

/** Parameters of the present screen; without a step in the browser's history. */
export function setParams(changes: Readonly<Record<string, string>>): void {
  const present = route.value;
  route.value = { ...present, params: { ...present.params, ...changes } };
  history.replaceState(null, '', addressOf(route.value));
}
