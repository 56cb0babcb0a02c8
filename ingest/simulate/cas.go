package simulate

import (
	"path/filepath"
	"time"

	"github.com/entscope/entscope/ingest"
)

const casRule = "=============================================================\n"

// writeCAS writes the audit trail of the CAS server that guards the Pronote-like
// fronts: records of many lines (Apereo CAS 5, log-formats.md 5), other loggers
// between, log ins that failed, a record cut by a restart.
func (b *basin) writeCAS(dir string) error {
	var out *sink
	c := newClock(b.w)
	d := newDraw(b.r.seed, streamRecords, uint64(b.number), 4)
	for i := range b.events {
		e := &b.events[i]
		if !e.cas {
			continue
		}
		if out == nil {
			var err error
			if out, err = create(filepath.Join(dir, "raw/cas", b.name("cas_audit")+".log")); err != nil {
				return err
			}
		}
		login := b.r.identity(&b.people[e.who]).login
		h := b.r.accountHash(&b.people[e.who], systemPronote)
		refused := ingest.Action(e.action) == ingest.ActionLoginFailed
		if refused || b.w.years == 0 && d.chance(0.03) { // of years, every failure is in the truth
			b.audit(out, c, e.ts, h, login, "Supplied credentials: [UsernamePasswordCredential(username="+login+")]", "AUTHENTICATION_FAILED")
		}
		if refused {
			continue
		}
		if d.chance(0.2) {
			b.audit(out, c, e.ts, h, login, "Supplied credentials: [UsernamePasswordCredential(username="+login+")]", "AUTHENTICATION_SUCCESS")
		}
		tgt := uuid(mix(uint64(e.ts), h))
		b.audit(out, c, e.ts, h, login, "TGT-1-********************************************************"+tgt[:8]+"-cas1", "TICKET_GRANTING_TICKET_CREATED")
		if d.chance(0.2) {
			b.audit(out, c, e.ts+500, h, login, "ST-1-"+tgt[9:18]+" for https://"+b.schools[e.school].uai+".pronote.exemple.test/pronote/", "SERVICE_TICKET_CREATED")
		}
		if d.chance(0.05) {
			ms, _ := c.set(e.ts)
			out.buf = appendMillis(append(appendTime(append(append(out.buf[:0], c.iso...), ' '), ms), ','), ms)
			out.write(append(out.buf, " INFO [org.apereo.cas.ticket.registry.DefaultTicketRegistryCleaner] - <[0] expired tickets removed.>\n"...))
		}
		if d.chance(10 * malformedShare) {
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
	dst = time.UnixMilli(ts).In(b.w.paris).AppendFormat(dst, "Mon Jan 02 15:04:05 ")
	dst = append(append(dst, zone...), c.iso[:4]...)
	dst = append(dst[:len(dst)-4], ' ')
	dst = append(append(dst, c.iso[:4]...), "\nCLIENT IP ADDRESS: "...)
	dst = append(appendIP(dst, h>>3), "\nSERVER IP ADDRESS: 192.0.2.1\n"+casRule+"\n\n"...)
	out.buf = dst
	out.write(dst)
}
