/**
 * Loaded before a server: from when the file EVENT_LOOP_PROBE exists, writes to it the longest time, in ms, that its event loop did nothing else. Time in
 * which the process did not run, because the machine was busy with others, does not count.
 */
const { existsSync, writeFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { setInterval } = require('node:timers');

const intervalMs = 5;
const file = process.env.EVENT_LOOP_PROBE;
let isMeasuring = false;
let longest = 0;
let at = performance.now();
let cpu = process.cpuUsage();

setInterval(() => {
  const wall = performance.now() - at - intervalMs;
  const { user, system } = process.cpuUsage(cpu);
  const blocked = Math.max(0, Math.min(wall, (user + system) / 1000));
  if (isMeasuring && blocked > longest) writeFileSync(file, String((longest = blocked)));
  isMeasuring ||= existsSync(file);
  at = performance.now();
  cpu = process.cpuUsage();
}, intervalMs).unref();
