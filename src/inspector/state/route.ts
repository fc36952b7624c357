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

const FILTERS = new Set(['state', 'event', 'webhook', 'run', 'q']);

/** The parameters that choose deliveries, those without a value left out. */
export function filtersOf({ params }: Route): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => FILTERS.has(name) && value !== ''),
  );
}

/** The filters of the list stay while one delivery after the other is looked at. */
export function deliveryAddress(id: string | undefined, more: Readonly<Record<string, string>> = {}): string {
  return addressOf({ screen: 'deliveries', id, params: { ...filtersOf(route.value), ...more } });
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
