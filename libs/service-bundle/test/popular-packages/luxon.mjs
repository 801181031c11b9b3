// dual package with state
import { DateTime, Settings } from 'luxon';

Settings.defaultZone = 'Asia/Tokyo';
console.log(DateTime.fromISO('2026-01-02T03:04:05Z').setLocale('de').toFormat('cccc ZZ'));
