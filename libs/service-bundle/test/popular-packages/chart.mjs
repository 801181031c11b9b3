// ES modules only, written for browsers
import { Chart, registerables } from 'chart.js';

Chart.register(...registerables);
console.log(Chart.registry.getController('bar').id, Chart.registry.getScale('linear').id);
