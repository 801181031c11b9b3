// a view engine that Express requires by its name
const path = require('node:path');
const { mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const express = require('express');

const views = mkdtempSync(path.join(tmpdir(), 'views-'));
writeFileSync(path.join(views, 'index.ejs'), '<p><%= name %></p>');
const app = express();
app.set('views', views);
app.set('view engine', 'ejs');
app.render('index', { name: '<ejs>' }, (error, html) => console.log(error ?? html));
