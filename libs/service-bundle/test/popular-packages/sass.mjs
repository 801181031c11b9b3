// compiled from Dart, optional parts
import * as sass from 'sass';

console.log(sass.compileString('$a: 2px; .x { .y { width: $a * 3 } }').css);
