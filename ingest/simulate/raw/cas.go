package raw

import (
	"path/filepath"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

const casRule = "=============================================================\n"

// writeCAS writes the audit trail of the CAS server that guards the Pronote-like
// fronts: records of many lines (Apereo CAS 5, FORMATS.md#apereo-cas), other loggers
// between, log ins that failed, a record cut by a restart.
func (b *basin) writeCAS(dir string) error {
	var out *sink
	c := newClock(b.Window)
	d := random.New(b.seed, random.Records, uint64(b.Number), 4)
	for i := range b.Events {
		e := &b.Events[i]
		if !e.CAS {
			continue
		}
		if out == nil {
			var err error
			if out, err = create(filepath.Join(dir, "raw/cas", b.name("cas_audit")+".log")); err != nil {
				return err
			}
		}
		login := b.identity(&b.People[e.Who]).login
		h := b.accountHash(&b.People[e.Who], region.SystemPronote)
		refused := e.Action == ingest.ActionLoginFailed
		if refused || b.Window.Years == 0 && d.Chance(0.03) { // of years, every failure is in the truth
			b.audit(out, c, e.TS, h, login, "Supplied credentials: [UsernamePasswordCredential(username="+login+")]", "AUTHENTICATION_FAILED")
		}
		if refused {
			continue
		}
		if d.Chance(0.2) {
			b.audit(out, c, e.TS, h, login, "Supplied credentials: [UsernamePasswordCredential(username="+login+")]", "AUTHENTICATION_SUCCESS")
		}
		tgt := uuid(random.Mix(uint64(e.TS), h))
		b.audit(out, c, e.TS, h, login, "TGT-1-********************************************************"+tgt[:8]+"-cas1", "TICKET_GRANTING_TICKET_CREATED")
		if d.Chance(0.2) {
			b.audit(out, c, e.TS+500, h, login, "ST-1-"+tgt[9:18]+" for https://"+b.Schools[e.School].UAI+".pronote.exemple.test/pronote/", "SERVICE_TICKET_CREATED")
		}
		if d.Chance(0.05) {
			ms, _ := c.set(e.TS)
			out.buf = appendMillis(append(appendTime(append(append(out.buf[:0], c.iso...), ' '), ms), ','), ms)
			out.write(append(out.buf, " INFO [org.apereo.cas.ticket.registry.DefaultTicketRegistryCleaner] - <[0] expired tickets removed.>\n"...))
		}
		if d.Chance(10 * b.Assumed.MalformedShare) {
			out.text(c.iso + " 03:00:00,000 INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - Audit trail record BEGIN\n" + casRule + "WHO: audit:unk")
			out.text("\n")
		}
	}
	if out == nil {
		return nil
	}
	return out.close()
}

func (b *basin) audit(out *sink, c *clock, ts int64, h uint64, who, what, action string) {
	ms, offset := c.set(ts)
	zone := "CET"
	if offset == "+0200" {
		zone = "CEST"
	}
	dst := append(append(out.buf[:0], c.iso...), ' ')
	dst = appendMillis(append(appendTime(dst, ms), ','), ms)
	dst = append(dst, " INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - Audit trail record BEGIN\n"+casRule+"WHO: "...)
	dst = append(append(dst, who...), "\nWHAT: "...)
	dst = append(append(dst, what...), "\nACTION: "...)
	dst = append(append(dst, action...), "\nAPPLICATION: CAS\nWHEN: "...)
	dst = time.UnixMilli(ts).In(b.Window.Paris).AppendFormat(dst, "Mon Jan 02 15:04:05 ")
	dst = append(append(dst, zone...), c.iso[:4]...)
	dst = append(dst[:len(dst)-4], ' ')
	dst = append(append(dst, c.iso[:4]...), "\nCLIENT IP ADDRESS: "...)
	dst = append(appendIP(dst, h>>3), "\nSERVER IP ADDRESS: 192.0.2.1\n"+casRule+"\n\n"...)
	out.buf = dst
	out.write(dst)
}
