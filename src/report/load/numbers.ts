/** `1,234,567`, in every locale. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Whole numbers where they are large, one decimal where they are small. */
export function perSecond(count: number, ms: number): string {
  if (ms <= 0) return grouped(count);
  const rate = (count * 1000) / ms;
  return rate >= 100 ? grouped(Math.round(rate)) : String(Number(rate.toFixed(1)));
}

/** `4,990 accepted, 10 rejected`; what did not occur is left out. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  const seen = Object.entries(counts).filter(([, count]) => count > 0);
  return seen.map(([name, count]) => `${grouped(count)} ${name}`).join(', ') || 'none';
}
