export { type Skill, typist } from './typist';
