// Started by scripts/start.sh.
import { createService } from './service.mjs'

createService().listen(Number(process.env.PORT), '127.0.0.1')
