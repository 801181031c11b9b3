// locales that are required by name
const moment = require('moment');

console.log(moment.locale('fr'), moment.utc(0).format('dddd LL'));
