// has effects when it is imported
import 'dotenv/config';
import { parse } from 'dotenv';

console.log(parse('A="one two"\nB=2 # comment'));
