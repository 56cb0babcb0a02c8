package raw

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

const (
	casBegin = " INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - Audit trail record BEGIN\n"
	casRule  = "=============================================================\n"
)

// writeCAS writes the audit trail of the CAS server that guards the Pronote-like
// fronts: records of many lines (Apereo CAS 5, FORMATS.md#apereo-cas), other loggers
// between, logins that failed, a record cut by a restart.
func (b *basin) writeCAS(dir string) error {
	out := casLog{b, file{path: filepath.Join(dir, "raw/cas", b.name("cas_audit")+".log")}}
	d := random.New(b.seed, random.Records, uint64(b.Number), 4)
	for i := range b.Events {
		if e := &b.Events[i]; e.CAS {
			out.login(d, e)
		}
	}
	return out.close()
}

// casLog is the audit trail while it is written.
type casLog struct {
	*basin
	file
}

// login writes the records of one login, or of one that failed.
func (c *casLog) login(d random.Stream, e *region.Event) {
	p := &c.People[e.Who]
	who := caller{c.identity(p).login, c.accountHash(p, region.SystemPronote)}
	credentials := "Supplied credentials: [UsernamePasswordCredential(username=" + who.login + ")]"
	if e.Action == ingest.ActionLoginFailed {
		c.audit(e.TS, who, credentials, "AUTHENTICATION_FAILED")
		return
	}
	if d.Chance(0.2) {
		c.audit(e.TS, who, credentials, "AUTHENTICATION_SUCCESS")
	}
	ticket, last := uuid(random.Mix(uint64(e.TS), who.hash)), e.TS
	c.audit(e.TS, who, "TGT-1-"+strings.Repeat("*", 56)+ticket[:8]+"-cas1", "TICKET_GRANTING_TICKET_CREATED")
	if d.Chance(0.2) {
		last += 500
		service := "https://" + c.Schools[e.School].UAI + ".pronote.exemple.test/pronote/"
		c.audit(last, who, "ST-1-"+ticket[9:18]+" for "+service, "SERVICE_TICKET_CREATED")
	}
	if d.Chance(0.05) {
		last = e.TS
		c.printf("%s INFO [org.apereo.cas.ticket.registry.DefaultTicketRegistryCleaner] - <[0] expired tickets "+
			"removed.>\n",
			c.local(e.TS).Format(isoMillis))
	}
	if d.Chance(10 * c.Assumed.MalformedShare) {
		c.printf("%s 03:00:00,000%s%sWHO: audit:unk\n", c.local(last).Format(time.DateOnly), casBegin, casRule)
	}
}

// caller is who signs in.
type caller struct {
	login string
	hash  uint64
}

func (c *casLog) audit(ts int64, who caller, what, action string) {
	at := c.local(ts)
	c.printf("%s%s%sWHO: %s\nWHAT: %s\nACTION: %s\nAPPLICATION: CAS\nWHEN: %s\n"+
		"CLIENT IP ADDRESS: %s\nSERVER IP ADDRESS: 192.0.2.1\n%s\n\n", at.Format(isoMillis), casBegin, casRule,
		who.login, what, action, at.Format("Mon Jan 02 15:04:05 MST 2006"), address(who.hash>>3), casRule)
}
