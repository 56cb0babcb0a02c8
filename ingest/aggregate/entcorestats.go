package aggregate

import (
	"bytes"
	"io"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// The columns of the exports, by folded name: the French ones are those of
// edificeio/statistics' fr.json; its English twin is not public, so that the
// usual translations of the same keys are taken. "wta" exports have the same.
const (
	colSchool = iota
	colUAI
	colDate
	colProfile
	colLogins
	colVisitors
	colAccesses
	colModule
	colConnector
	colDevice
	columns
)

var columnNames = map[string]int{
	"etablissement": colSchool, "structure": colSchool, "school": colSchool, "establishment": colSchool,
	"institution": colSchool, "class": colSchool, "classe": colSchool, "uai": colUAI, "date": colDate,
	"profil": colProfile, "profile": colProfile, "connexions": colLogins, "connections": colLogins, "logins": colLogins,
	"authentications": colLogins, "visiteursuniques": colVisitors, "uniquevisitors": colVisitors,
	"nombredacces": colAccesses, "numberofaccesses": colAccesses, "numberofaccess": colAccesses,
	"accesses": colAccesses, "accesscount": colAccesses, "application": colModule, "app": colModule,
	"module": colModule, "connecteur": colConnector, "connector": colConnector,
	"support": colDevice, "device": colDevice, "devicetype": colDevice,
}

// readStats reads a CSV export: ";", quoted, columns in any order.
func (p *Platform) readStats(r io.Reader) error {
	scan := tabular.NewScanner(r, ';', '"')
	if !scan.Scan() {
		if err := scan.Err(); err != nil {
			return err
		}
		return ErrFormat
	}
	var at [columns]int
	for i := range at {
		at[i] = -1
	}
	width := len(scan.Fields())
	for i, name := range scan.Fields() {
		if column, ok := columnNames[tabular.Fold(string(name))]; ok && at[column] < 0 {
			at[column] = i
		}
	}
	kind, ok := kindOf(&at)
	if !ok {
		return ErrFormat
	}
	for scan.Scan() {
		reason := scan.Reason()
		fields := scan.Fields()
		if reason == "" && len(fields) != width {
			reason = ingest.ReasonFields
		}
		if reason == "" {
			var err error
			if reason, err = p.statsRow(kind, &at, fields); err != nil {
				return err
			}
		}
		if reason != "" {
			p.Rejects[reason]++
		}
	}
	return scan.Err()
}

// kindOf is the variant that the columns indicate.
func kindOf(at *[columns]int) (Kind, bool) {
	if at[colDate] < 0 || at[colProfile] < 0 || at[colSchool] < 0 && at[colUAI] < 0 {
		return "", false
	}
	switch {
	case at[colLogins] >= 0 && at[colDevice] >= 0:
		return Devices, true
	case at[colLogins] >= 0 && at[colVisitors] >= 0:
		return Accounts, true
	case at[colAccesses] >= 0 && at[colConnector] >= 0:
		return Connector, true
	case at[colAccesses] >= 0 && at[colModule] >= 0:
		return Access, true
	}
	return "", false
}

func (p *Platform) statsRow(kind Kind, at *[columns]int, fields [][]byte) (ingest.Reason, error) {
	field := func(column int) []byte {
		if at[column] < 0 {
			return nil
		}
		return bytes.TrimSpace(fields[at[column]])
	}
	month, ok := monthOf(string(field(colDate)))
	if !ok {
		return ingest.ReasonTimestamp, nil
	}
	r := row{
		kind: kind, date: field(colDate), profile: field(colProfile), month: month,
		school:  append(append(bytes.Clone(field(colUAI)), 0), field(colSchool)...),
		figures: Figures{Visitors: -1},
	}
	var good [3]bool
	switch kind {
	case Accounts:
		r.figures.Logins, good[0] = whole(field(colLogins))
		r.figures.Visitors, good[1] = whole(field(colVisitors))
		good[2] = true
	case Devices:
		r.about = field(colDevice)
		r.figures.Logins, good[0] = whole(field(colLogins))
		good[1], good[2] = true, true
	case Access, Connector:
		r.about = append(bytes.Clone(field(colModule)), field(colConnector)...)
		r.figures.Accesses, good[0] = whole(field(colAccesses))
		good[1], good[2] = true, true
	}
	if good != [3]bool{true, true, true} {
		return ingest.ReasonType, nil
	}
	return "", p.add(&r)
}

// monthOf reads the date of a row: a day, an instant or a month, ISO or
// day-first, in the platform's own time.
func monthOf(s string) (int32, bool) {
	layouts := []string{"2006-01-02", "2006-01", "02/01/2006", "01/2006"}
	if len(s) > 10 && (s[10] == ' ' || s[10] == 'T') {
		s = s[:10]
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 2000 && t.Year() < 2100 {
			return int32(t.Year()*100 + int(t.Month())), true
		}
	}
	return 0, false
}
