// a module for each function and locale, as CommonJS and ES modules
import { format, formatDistance } from 'date-fns';
import { de } from 'date-fns/locale';

const date = new Date(Date.UTC(2026, 0, 2));
console.log(format(date, 'EEEE', { locale: de }), formatDistance(date, date, { locale: de }));
