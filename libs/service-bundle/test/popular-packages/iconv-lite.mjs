// tables that are required when an encoding is used
import iconv from 'iconv-lite';

console.log(iconv.decode(Buffer.from([0x82, 0xa0, 0x8a, 0xbf]), 'shift_jis'));
