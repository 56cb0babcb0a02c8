package directory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// showRegisters writes the registers as text, one line for each row.
func showRegisters(d *Directory, sent []Message, name func(int32) string, day func(int32) string) (out []string) {
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	school := func(n int32) string { return d.Schools[n].UAI }
	class := func(n int32) string {
		if n < 0 {
			return "-"
		}
		return d.Classes[n]
	}
	who := func(n int32) string {
		if n < 0 {
			return "?"
		}
		return name(n)
	}
	instant := func(ms int64) string {
		if ms <= 0 {
			return fmt.Sprint(ms)
		}
		return time.UnixMilli(ms).UTC().Format(time.RFC3339)
	}
	for _, p := range d.Publications {
		add("publication %s %s: %s, %s, assessed %s, returned %s", school(p.School), class(p.Class), instant(p.TsMs), day(p.LocalDate), day(p.AssessedDay), day(p.ReturnedDay))
	}
	for _, c := range d.Contents {
		add("content %s %s: %s, %s, kind %d, media %d", school(c.School), class(c.Class), instant(c.TsMs), day(c.LocalDate), c.Kind, c.Media)
	}
	for _, s := range d.Settings {
		value := fmt.Sprint(s.Value)
		if s.Setting == SettingProduct {
			value = d.Products[s.Value]
		}
		add("setting %s: %d is %s, %s to %s", school(s.School), s.Setting, value, day(s.FromDay), day(s.ToDay))
	}
	for _, r := range d.ReportBooks {
		add("report book %s %q: %s, %s", school(r.School), r.Level, instant(r.TsMs), day(r.LocalDate))
	}
	for _, t := range d.Training {
		add("training %s: %s, %d", school(t.School), day(t.LocalDate), t.Sessions)
	}
	for _, m := range sent {
		thread := "-"
		if m.Thread != nil {
			thread = string(m.Thread)
		}
		add("message %s, thread %s, %s: %s (%d) to %s (%d), 1 of %d, sent %s on %s at %d h, opened %s, %d bytes %d, until %s", m.ID, thread, school(m.School),
			who(m.Sender), m.SenderProfile, who(m.Recipient), m.RecipientProfile, m.Recipients, instant(m.SentMs), day(m.SentDate), m.SentHour, instant(m.OpenedMs), m.Bytes, m.Attached, instant(m.DeadlineMs))
	}
	for _, a := range d.Accompaniment {
		add("accompaniment %s: %s, form %d, collective %d", name(a.Person), day(a.LocalDate), a.Form, a.Collective)
	}
	for _, e := range d.Equipment {
		add("equipment %s: %d %d, %s", name(e.Child), e.HasComputer, e.HasFixedNet, day(e.LocalDate))
	}
	for _, p := range d.Procedures {
		add("procedure %s: %d, until %s, done %s", name(p.Child), p.Kind, day(p.DeadlineDay), day(p.DoneDay))
	}
	for _, l := range d.Loans {
		add("loan %s: %s, %s to %s", name(l.Child), day(l.RequestedDay), day(l.StartDay), day(l.EndDay))
	}
	for _, m := range d.Meetings {
		add("meeting %s: %s, %s, %d", d.MeetingID(m.Meeting), name(m.Person), day(m.LocalDate), m.Joined)
	}
	return out
}

// registerCase is a register with one valid row, and rows that differ from it in
// one field each.
type registerCase struct {
	fields []tabular.Field
	valid  string // in the order of the fields
	want   string
	// changes: the field, its new value, what then stands after the row's own
	// words, or the reason in braces.
	changes [][3]string
}

const registerAccounts = "person;account;profile\np1;u-p1;parent\np2;u-p2;parent\np2;u-p2b;parent\ne1;u-e1;pupil\nt1;u-t1;teacher\n"

var registerCases = map[string]registerCase{
	"publications": {PublicationFields, "9990001X;6A;2025-09-10 18:02;2025-09-01;2025-09-09",
		"publication 9990001X 9990001X$6A: 2025-09-10T16:02:00Z, 2025-09-10, assessed 2025-09-01, returned 2025-09-09", [][3]string{
			{"school", "", "{required field missing}"}, {"class", "", "{required field missing}"}, {"at", "", "{required field missing}"},
			{"class", "0001$6A", "publication 9990001X 9990001X$6A: "},
			{"assessed", "", "assessed ?, returned 2025-09-09"}, {"returned", "", "assessed 2025-09-01, returned ?"},
			{"returned", "2025-08-31", "{timestamp outside the plausible range}"}, {"assessed", "hier", "{unreadable timestamp}"},
			{"class", strings.Repeat("x", MaxID+1), "{record too long}"},
		}},
	"contents": {ContentFields, "9990001X;6A;2025-09-10 18:02;Vidéo;oui", "content 9990001X 9990001X$6A: 2025-09-10T16:02:00Z, 2025-09-10, kind 3, media 1", [][3]string{
		{"class", "", "content 9990001X -: "}, {"kind", "blog", "kind 1, "}, {"kind", "workbook", "kind 2, "}, {"kind", "Cahier numérique", "kind 2, "},
		{"kind", "news", "kind 4, "}, {"kind", "Actualité", "kind 4, "}, {"kind", "2", "kind 2, "}, {"kind", "5", "{value without a mapping}"},
		{"kind", "", "{required field missing}"}, {"media", "", "media 0"}, {"media", "non", "media 0"}, {"media", "peut-être", "{value without a mapping}"},
		{"at", "2026-03-29 02:30", "{local time that does not exist (daylight saving gap)}"},
	}},
	"settings": {SettingFields, "9990001X;notes;différé;2025-09-01;2025-12-31", "setting 9990001X: 1 is 2, 2025-09-01 to 2025-12-31", [][3]string{
		{"value", "at-once", "1 is 1, "}, {"value", "Instantané", "1 is 1, "}, {"value", "deferred", "1 is 2, "}, {"value", "closed", "{value without a mapping}"},
		{"setting", "product", "3 is differe, "}, {"setting", "couleur", "{value without a mapping}"}, {"setting", "messages", "{value without a mapping}"},
		{"from", "", ": 1 is 2, ? to 2025-12-31"}, {"to", "", "2025-09-01 to ?"}, {"to", "2025-08-31", "{timestamp outside the plausible range}"},
		{"value", "", "{required field missing}"},
	}},
	"report_books": {ReportBookFields, "9990001X;6EME;2025-12-05 18:00", "report book 9990001X \"6e\": 2025-12-05T17:00:00Z, 2025-12-05", [][3]string{
		{"level", "", "report book 9990001X \"\": "}, {"level", "CM2", "report book 9990001X \"CM2\": "}, {"level", "BTS", "{value without a mapping}"},
		{"at", "2025-12-05", "{unreadable timestamp}"}, {"school", "", "{required field missing}"},
	}},
	"training": {TrainingFields, "9990001X;2025-10-01;2", "training 9990001X: 2025-10-01, 2", [][3]string{
		{"sessions", "", "2025-10-01, 1"}, {"sessions", "0", "{field of the wrong type}"}, {"sessions", "-1", "{field of the wrong type}"},
		{"sessions", "deux", "{field of the wrong type}"}, {"date", "", "{required field missing}"},
	}},
	"messages": {MessageFields, "m1;f1;9990001X;u-t1;teacher;u-p1;parent;2025-09-10 18:02;2025-09-10 18:30;12;2048;Pièce jointe;2025-09-12 12:00",
		"message 9990001X$m1, thread 9990001X$f1, 9990001X: aaf/staff t1 (2) to aaf/parent p1 (3), 1 of 12, sent 2025-09-10T16:02:00Z on 2025-09-10 at 18 h, opened 2025-09-10T16:30:00Z, 2048 bytes 1, until 2025-09-12T10:00:00Z", [][3]string{
			{"message", "", "{required field missing}"}, {"thread", "", "thread 9990001X$m1, "}, {"school", "", "{required field missing}"},
			{"sender", "", ": ? (2) to aaf/parent p1 (3), "}, {"sender", "u-x", ": ? (2) to aaf/parent p1 (3), "}, {"sender", "t1", ": ? (2) to aaf/parent p1 (3), "},
			{"sender_profile", "", "{required field missing}"}, {"sender_profile", "Enseignant", "{value without a mapping}"},
			{"recipient", "u-p2b", "to aaf/parent p2 (3), "}, {"recipient", "u-e1", "to aaf/pupil e1 (3), "}, {"recipient", "", "to ? (3), "}, {"recipient_profile", "", "{required field missing}"},
			{"sent", "", "{required field missing}"}, {"sent", "2025-09-10 18:40", "{timestamp outside the plausible range}"}, {"sent", "2025-09-12 12:01", "{timestamp outside the plausible range}"},
			{"opened", "", "opened 0, "}, {"opened", "2025-09-10 18:01", "opened 2025-09-10T16:02:00Z, "}, {"opened", "2025-09-10 18:00", "{timestamp outside the plausible range}"},
			{"recipients", "", "1 of 0, "}, {"recipients", "0", "{field of the wrong type}"}, {"recipients", "99999999999", "{field of the wrong type}"},
			{"bytes", "", "-1 bytes 1, "}, {"bytes", "-5", "{field of the wrong type}"}, {"bytes", "2 Ko", "{field of the wrong type}"},
			{"delivery", "Dépôt", "2048 bytes 0, "}, {"delivery", "", "2048 bytes -1, "}, {"delivery", "deposit", "2048 bytes 0, "}, {"delivery", "pigeon", "{value without a mapping}"},
			{"deadline", "2025-09-12", "until 2025-09-12T22:00:00Z"}, {"deadline", "", "until -1"}, {"deadline", "2025-09-09", "{timestamp outside the plausible range}"},
		}},
	"accompaniment": {AccompanimentFields, "u-p1;2025-10-01;3;collectif", "accompaniment aaf/parent p1: 2025-10-01, form 3, collective 1", [][3]string{
		{"person", "u-e1", "{value without a mapping}"}, {"person", "p1", "{value without a mapping}"}, {"form", "5", "{value without a mapping}"}, {"mode", "", "collective 0"},
	}},
	"equipment": {EquipmentFields, "u-e1;oui;non;2025-09-15", "equipment aaf/pupil e1: 1 0, 2025-09-15", [][3]string{
		{"child", "u-p1", "{value without a mapping}"}, {"computer", "", ": -1 0, "}, {"date", "", "1 0, ?"},
	}},
	"procedures": {ProcedureFields, "u-e1;Bourses;2025-10-16;2025-10-02", "procedure aaf/pupil e1: 1, until 2025-10-16, done 2025-10-02", [][3]string{
		{"child", "u-p1", "{value without a mapping}"}, {"child", "", "{required field missing}"}, {"kind", "orientation", ": 2, "}, {"kind", "Affectation", ": 3, "},
		{"kind", "Fiche de renseignements", ": 4, "}, {"kind", "cantine", "{value without a mapping}"}, {"deadline", "", "until ?, "}, {"done", "", "done ?"}, {"done", "2025-11-30", "done 2025-11-30"},
	}},
	"loans": {LoanFields, "u-e1;2025-09-20;2025-10-01;2026-06-30", "loan aaf/pupil e1: 2025-09-20, 2025-10-01 to 2026-06-30", [][3]string{
		{"child", "u-x", "{value without a mapping}"}, {"requested", "", ": ?, 2025-10-01 to "}, {"start", "", ": 2025-09-20, ? to "}, {"end", "", "2025-10-01 to ?"},
		{"start", "2025-09-19", "{timestamp outside the plausible range}"}, {"end", "2025-09-30", "{timestamp outside the plausible range}"},
	}},
	"meetings": {MeetingFields, "v1;u-p1;2025-10-01;oui", "meeting v1: aaf/parent p1, 2025-10-01, 1", [][3]string{
		{"meeting", "", "{required field missing}"}, {"person", "u-x", "{value without a mapping}"}, {"person", "u-t1", "{value without a mapping}"},
		{"joined", "non", "2025-10-01, 0"}, {"joined", "", "2025-10-01, 0"}, {"date", "", "{required field missing}"},
	}},
}

// registerMapping reads the fields at their positions, without headings.
func registerMapping(fields []tabular.Field) *tabular.Mapping {
	header := false
	m := &tabular.Mapping{Header: &header, Columns: map[string]any{}, Date: "2006-01-02", DateTime: "2006-01-02 15:04"}
	for i, f := range fields {
		m.Columns[f.Name] = i + 1
	}
	return m
}

func registerOptions(t testing.TB, text string) Options {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	accounts := &tabular.Mapping{Columns: map[string]any{"person": "person", "account": "account", "profile": "profile"}}
	return Options{
		Accounts: []Table{{Files: []string{"accounts.csv"}, Accounts: "entcore", Mapping: accounts}}, Start: 20339, End: 20436, Zone: paris,
		Open: func(name string) (io.ReadCloser, error) {
			if name == "accounts.csv" {
				return io.NopCloser(strings.NewReader(registerAccounts)), nil
			}
			return io.NopCloser(strings.NewReader(text)), nil
		},
	}
}

// takeMessages keeps the messages that are read.
func takeMessages(o *Options) *[]Message {
	sent := new([]Message)
	o.Message = func(m *Message) error {
		*sent = append(*sent, *m)
		return nil
	}
	return sent
}

// readRegister reads one register of accounts: its rows as text, or the reason
// for which one was refused in braces.
func readRegister(t testing.TB, kind string, m *tabular.Mapping, text string) string {
	t.Helper()
	o := registerOptions(t, text)
	*registerOption(&o, kind) = &Table{Files: []string{"register.csv"}, Accounts: "entcore", Mapping: m}
	sent := takeMessages(&o)
	d, err := Read(context.Background(), o)
	if err != nil {
		return err.Error()
	}
	name := func(i int32) string { return d.Namespaces[d.Persons[i].Namespace] + " " + string(d.PersonID(i)) }
	day := func(n int32) string {
		if n < 0 {
			return "?"
		}
		return date(n).Format(time.DateOnly)
	}
	out := showRegisters(d, *sent, name, day)
	counts := d.Files[len(d.Files)-1]
	for reason := range counts.Rejects {
		out = append(out, fmt.Sprintf("{%s}", reason))
	}
	return strings.Join(out, "\n")
}

// TestRegisters reads a valid row of each register, then rows that differ from it
// in one field.
func TestRegisters(t *testing.T) {
	for kind, c := range registerCases {
		t.Run(kind, func(t *testing.T) {
			if got := readRegister(t, kind, registerMapping(c.fields), c.valid+"\n"); got != c.want {
				t.Fatalf("got  %s\nwant %s", got, c.want)
			}
			for _, change := range c.changes {
				values := strings.Split(c.valid, ";")
				found := false
				for i, f := range c.fields {
					if f.Name == change[0] {
						found, values[i] = true, change[1]
					}
				}
				got := readRegister(t, kind, registerMapping(c.fields), strings.Join(values, ";")+"\n")
				if !found || !strings.Contains(got, change[2]) || strings.HasPrefix(change[2], "{") != strings.HasPrefix(got, "{") {
					t.Errorf("%s = %q: got %s, want a mention of %s", change[0], change[1], got, change[2])
				}
			}
		})
	}
}

// Without a column for it, a register does not say who opens, in what thread a
// message is, or that somebody did not come.
func TestRegistersWithoutColumns(t *testing.T) {
	for _, c := range []struct{ kind, column, want string }{
		{"messages", "opened", "opened -1, "}, {"messages", "thread", "thread -, "}, {"messages", "recipients", "1 of 0, "},
		{"messages", "delivery", "bytes -1, "}, {"meetings", "joined", "2025-10-01, 1"}, {"training", "sessions", ", 1"},
	} {
		m := registerMapping(registerCases[c.kind].fields)
		delete(m.Columns, c.column)
		if got := readRegister(t, c.kind, m, registerCases[c.kind].valid+"\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s without %s: %s", c.kind, c.column, got)
		}
	}
}

// Those nobody knows are told apart by profile and account, identifiers by school.
func TestMessagesOfStrangers(t *testing.T) {
	row := func(message, school, recipient, profile string) string {
		return message + ";;" + school + ";u-t1;teacher;" + recipient + ";" + profile + ";2025-09-10 18:00;;;;;\n"
	}
	o := registerOptions(t, row("m1", "9990001X", "u-p1", "parent")+row("m1", "9990001X", "x", "parent")+row("m1", "9990002Y", "x", "pupil")+row("m1", "9990002Y", "", "parent"))
	o.Messages = &Table{Files: []string{"register.csv"}, Accounts: "entcore", Mapping: registerMapping(MessageFields)}
	sent := takeMessages(&o)
	if _, err := Read(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range *sent {
		got = append(got, fmt.Sprintf("%s %t %q", m.ID, m.Recipient >= 0, m.Unknown))
	}
	if want := []string{`9990001X$m1 true ""`, `9990001X$m1 false "\x03x"`, `9990002Y$m1 false "\x01x"`, `9990002Y$m1 false ""`}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// Whoever takes the messages may end the reading.
func TestMessageIsRefused(t *testing.T) {
	row := "m1;;9990001X;u-t1;teacher;u-p1;parent;2025-09-10 18:00;;;;;\n"
	o := registerOptions(t, row+row+row)
	o.Messages = &Table{Files: []string{"register.csv"}, Accounts: "entcore", Mapping: registerMapping(MessageFields)}
	full, taken := errors.New("disk full"), 0
	o.Message = func(*Message) error {
		if taken++; taken == 2 {
			return full
		}
		return nil
	}
	if _, err := Read(context.Background(), o); !errors.Is(err, full) || taken != 2 {
		t.Errorf("%v after %d messages", err, taken)
	}
}

// Without a namespace, persons are the directory's own; a namespace that no
// account has is warned of.
func TestRegisterNamespaces(t *testing.T) {
	o := registerOptions(t, "e1;bourse;;\np1;bourse;;\n")
	o.Procedures = &Table{Files: []string{"register.csv"}, Mapping: registerMapping(ProcedureFields)}
	d, err := Read(context.Background(), o)
	if err != nil || len(d.Procedures) != 1 || d.Files[1].Rejects[ingest.ReasonUnknownValue] != 1 || len(d.Warnings) != 0 {
		t.Errorf("%+v %v %v", d, d.Warnings, err)
	}
	o.Procedures.Accounts = "pronote"
	if d, err = Read(context.Background(), o); err != nil || len(d.Procedures) != 0 || len(d.Warnings) != 1 {
		t.Errorf("%+v %v", d, err)
	}
}

// FuzzRegisters: whatever the bytes, every record of a register is booked once,
// and what is kept is within its bounds.
func FuzzRegisters(f *testing.F) {
	var kinds []string
	for kind := range registerCases {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for i, kind := range kinds {
		f.Add(uint8(i), []byte(registerCases[kind].valid+"\n"+registerCases[kind].valid))
	}
	f.Add(uint8(slices.Index(kinds, "settings")), []byte("9990001X;product;NEO;;\n9990001X;messages;closed;;\n"))
	f.Fuzz(func(t *testing.T, n uint8, data []byte) {
		kind := kinds[int(n)%len(kinds)]
		o := registerOptions(t, string(data))
		o.Zone = time.UTC // a zone with changes costs milliseconds to prepare
		*registerOption(&o, kind) = &Table{Files: []string{"register.csv"}, Accounts: "entcore", Mapping: registerMapping(registerCases[kind].fields)}
		sent := takeMessages(&o)
		d, err := Read(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		rows := int64(len(d.Publications) + len(d.Contents) + len(d.Settings) + len(d.ReportBooks) + len(d.Training) + len(*sent) +
			len(d.Accompaniment) + len(d.Equipment) + len(d.Procedures) + len(d.Loans) + len(d.Meetings))
		if used := d.Files[1].Used; rows != used {
			t.Fatalf("%d rows of %d that were used", rows, used)
		}
		for _, m := range *sent {
			if m.Recipients < 0 || len(m.ID) > MaxID+16 || len(m.Thread) > MaxID+16 || m.OpenedMs > 0 && m.OpenedMs < m.SentMs || m.DeadlineMs >= 0 && m.DeadlineMs < m.SentMs || m.Bytes < -1 {
				t.Fatal("a message out of its bounds")
			}
		}
		for _, s := range d.Settings {
			if s.Setting == SettingProduct && int(s.Value) >= len(d.Products) || s.FromDay >= 0 && s.ToDay >= 0 && s.ToDay < s.FromDay {
				t.Fatal("a setting out of its bounds")
			}
		}
	})
}
