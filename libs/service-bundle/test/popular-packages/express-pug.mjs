// a view engine that Express requires by its name, with runtime code that it reads from disk
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';

const views = mkdtempSync(path.join(tmpdir(), 'views-'));
writeFileSync(path.join(views, 'index.pug'), 'each name in names\n  p(class=name)= name');
const app = express();
app.set('views', views);
app.set('view engine', 'pug');
app.render('index', { names: ['a', '<b>'] }, (error, html) => console.log(error ?? html));
