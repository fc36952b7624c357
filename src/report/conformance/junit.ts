import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { escapeXml, escapeXmlAttribute } from './escape-xml.ts';
import {
  adviceOf,
  basisText,
  groupedBy,
  standingOf,
  VERDICTS,
  type Standing,
} from '../../conformance/standing.ts';
import { remedyOf } from './remedy.ts';

/** The dialect that GitLab, Jenkins and GitHub's actions read: a suite per receiver and family. */
export function junitReport(report: ConformanceReport): string {
  const suites = report.receivers.flatMap((receiver) => suitesOf(receiver, report));
  const all = report.receivers.flatMap(({ checks }) => checks);
  const attributes = { name: 'hookcast conform', ...countsOf(all, report), time: seconds(report.durationMs) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, suites)}\n`;
}

function suitesOf(receiver: ReceiverReport, report: ConformanceReport): readonly string[] {
  return groupedBy(receiver.checks, ({ family }) => family).map(([family, checks]) => {
    const name = `${prefixOf(receiver, report)}${family} ${checks[0]?.familyTitle ?? ''}`;
    const time = seconds(checks.reduce((sum, { durationMs }) => sum + durationMs, 0));
    // Jenkins reads no zone here: it is UTC.
    const timestamp = report.startedAt.slice(0, 19);
    const cases = checks.map((check) => testcase(check, { classname: name, report }));
    return element('testsuite', { name, ...countsOf(checks, report), time, timestamp }, [
      propertiesOf(receiver, report),
      ...cases,
    ]);
  });
}

function prefixOf({ name }: ReceiverReport, { receivers }: ConformanceReport): string {
  return receivers.length > 1 ? `${name}: ` : '';
}

function propertiesOf(
  { name, url, diagnosis }: ReceiverReport,
  { seed, profile }: ConformanceReport,
): string {
  const properties = { receiver: name, url, seed: String(seed), profile, diagnosis };
  const children = Object.entries(properties).flatMap(([key, value]) =>
    value === null ? [] : [element('property', { name: key, value }, [])],
  );
  return element('properties', {}, children);
}

function countsOf(checks: readonly CheckReport[], report: ConformanceReport) {
  const count = (...standings: readonly Standing[]) =>
    String(checks.filter((check) => standings.includes(standingOf(check, report))).length);
  return {
    tests: String(checks.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('not-run', 'known'),
  };
}

function testcase(
  check: CheckReport,
  { classname, report }: { readonly classname: string; readonly report: ConformanceReport },
): string {
  const attributes = { name: `${check.id} ${check.title}`, classname, time: seconds(check.durationMs) };
  return element('testcase', attributes, RESULTS[standingOf(check, report)](check));
}

const RESULTS: Readonly<Record<Standing, (check: CheckReport) => readonly string[]>> = {
  failure: (check) => [fault('failure', check)],
  error: (check) => [fault('error', check)],
  known: (check) => [element('skipped', { message: `known to fail: ${check.actual}` }, [])],
  'not-run': (check) => [element('skipped', { message: `${check.verdict}: ${remedyOf(check)}` }, [])],
  success: (check) =>
    check.verdict === 'pass'
      ? []
      : [element('system-out', {}, [escapeXml(`${VERDICTS[check.verdict].word}: ${detail(check)}`)])],
};

function fault(name: 'failure' | 'error', check: CheckReport): string {
  return element(name, { message: check.actual, type: check.level }, [escapeXml(detail(check))]);
}

function detail(check: CheckReport): string {
  return [
    check.actual,
    `expected: ${check.expected}`,
    `basis: ${basisText(check)}`,
    `source: ${check.source}`,
    ...Object.entries(adviceOf(check)).map(([label, text]) => `${label}: ${text}`),
    `repeat: ${check.command}`,
  ].join('\n');
}

/** Children are XML; attributes are text. */
function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[],
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXmlAttribute(value)}"`);
  const open = `<${name}${pairs.join('')}`;
  if (children.length === 0) return `${open}/>`;
  const isText = children.every((child) => !child.startsWith('<'));
  return isText ? `${open}>${children.join('')}</${name}>` : `${open}>\n${children.join('\n')}\n</${name}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
