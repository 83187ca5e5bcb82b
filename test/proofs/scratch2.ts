import { App, Stack, CfnResource } from 'aws-cdk-lib';
import { Function as F, Runtime, Code } from 'aws-cdk-lib/aws-lambda';
import { readFileSync, readdirSync } from 'node:fs';
import { AgentApi } from 'cdk-compound-inference';
import { SupportAgentStack } from '../../examples/support-agent/stack';
const context = JSON.parse(readFileSync('cdk.json', 'utf8')).context;
const app = new App({ context: {...context, 'aws:cdk:bundling-stacks': []} });
const s = new SupportAgentStack(app, 'SupportAgent', { env:{region:'us-east-1'}, models: context['compound:models'] });
if (process.argv[2]) new F(s,'X',{runtime: Runtime.NODEJS_24_X, handler:'x', code: Code.fromInline('x'), memorySize: 64});
let t=Date.now();
try { const a = app.synth();
console.log('synth', Date.now()-t, process.exitCode);
console.log(a.stacks.flatMap(s=>s.messages.map(m=>[m.level,m.id,JSON.stringify(m.entry.data).slice(0,150)])));
console.log(readdirSync(a.directory));
try { console.log(readFileSync(a.directory+'/policy-validation-report.json','utf8').slice(0,1500)) } catch(e) {console.log(String(e))}
} catch (e) { console.log('THROWN', String(e).slice(0,600)) }
