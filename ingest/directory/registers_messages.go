package directory

import (
	"math"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// Message is a row of the register of messages: one message as one recipient has
// it, times and sizes, no text. The messages of a region are too many to be held:
// each row is handed on as it is read (see Options.Message), in reading order; an
// export may repeat the rows of an earlier one.
type Message struct {
	// ID and Thread are the identifiers, after that of the school; no Thread: the
	// message alone. Unknown is the account of a recipient whom nobody knows, after
	// the profile. They are the reader's, and valid until the row has been handed on.
	ID, Thread, Unknown []byte
	School              int32
	// Sender and Recipient are persons, -1 for an account nobody knows.
	Sender, Recipient int32
	// Recipients is how many the message had, 0 where the register does not say.
	Recipients int32
	SentMs     int64
	// OpenedMs is when this recipient first opened it, 0 not opened by the time
	// of the export, -1 when the register has no such column.
	OpenedMs int64
	// Bytes is the size of the file that goes with it, -1 none or unknown.
	Bytes int64
	// DeadlineMs is the end of the time given to answer, -1 none.
	DeadlineMs int64
	SentDate   int32
	SentHour   int8
	// Attached is 1 for an attachment, 0 for a link to a deposit, -1 no file.
	Attached int8
	// The profiles are what the register says.
	SenderProfile, RecipientProfile ingest.Profile
}

// MessageFields are the fields of the register of messages, one row for each
// recipient or, with recipients, for each message. sender and recipient are
// accounts of the table's namespace or the directory's identifiers. delivery is
// attachment (pièce jointe) or deposit (dépôt). The identifiers of messages and
// threads are those of one school.
var MessageFields = []tabular.Field{
	{Name: "message", Required: true}, {Name: "thread"}, {Name: "school", Required: true},
	{Name: "sender"}, {Name: "sender_profile", Required: true}, {Name: "recipient"}, {Name: "recipient_profile", Required: true},
	{Name: "sent", Kind: tabular.DateTime, Required: true}, {Name: "opened", Kind: tabular.DateTime},
	{Name: "recipients", Kind: tabular.Integer}, {Name: "bytes", Kind: tabular.Integer}, {Name: "delivery"},
	{Name: "deadline", Kind: tabular.Until},
}

const (
	mMessage = iota
	mThread
	mSchool
	mSender
	mSenderProfile
	mRecipient
	mRecipientProfile
	mSent
	mOpened
	mRecipients
	mBytes
	mDelivery
	mDeadline
)

var deliveries = words{
	"":           -1,
	"attachment": 1, "attached": 1, "piecejointe": 1, "pj": 1, "1": 1,
	"deposit": 0, "link": 0, "depot": 0, "lien": 0, "0": 0,
}

// MeetingID is the identifier of meeting i.
func (d *Directory) MeetingID(i int32) []byte { return d.meetings.at(i) }

// MeetingCount is the number of meetings.
func (d *Directory) MeetingCount() int { return d.meetings.len() }

// minuteMs is the precision of the coarsest clock of a register: an opening in
// the minute of the sending is at the sending.
const minuteMs = 60_000

func (b *builder) messageRow(t *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, mMessage, mThread, mSchool, mSender, mRecipient) {
		return ingest.ReasonTooLong
	}
	m := Message{SentMs: rows.Moment(mSent).TsMs, SentDate: rows.Day(mSent), SentHour: rows.Moment(mSent).Hour}
	if reason := m.readTimes(rows); reason != "" {
		return reason
	}
	if reason := m.readSize(rows); reason != "" {
		return reason
	}
	var ok1, ok2 bool
	m.SenderProfile, ok1 = ingest.ParseProfile(rows.Text(mSenderProfile))
	m.RecipientProfile, ok2 = ingest.ParseProfile(rows.Text(mRecipientProfile))
	if !ok1 || !ok2 {
		return ingest.ReasonUnknownValue
	}
	m.Sender = b.named(t, m.SenderProfile, rows.Text(mSender))
	m.Recipient = b.named(t, m.RecipientProfile, rows.Text(mRecipient))
	m.School = b.activeSchool(rows.Text(mSchool))
	if b.o.Message == nil {
		return ""
	}
	within := func(id []byte) []byte { return append([]byte(b.d.Schools[m.School].UAI+"$"), id...) }
	m.ID = within(rows.Text(mMessage))
	switch {
	case rows.Has(mThread):
		m.Thread = within(rows.Text(mThread))
	case rows.Mapped(mThread): // a message that begins a thread: answers name it
		m.Thread = m.ID
	}
	if m.Recipient < 0 && len(rows.Text(mRecipient)) > 0 {
		m.Unknown = append([]byte{byte(m.RecipientProfile)}, rows.Text(mRecipient)...)
	}
	b.fault = b.o.Message(&m)
	return ""
}

// readTimes reads when a message was opened and until when an answer is wanted.
func (m *Message) readTimes(rows *tabular.Rows) ingest.Reason {
	switch {
	case !rows.Mapped(mOpened):
		m.OpenedMs = -1
	case rows.Has(mOpened):
		m.OpenedMs = rows.Moment(mOpened).TsMs
		if m.OpenedMs < m.SentMs-minuteMs {
			return ingest.ReasonTimeRange
		}
		m.OpenedMs = max(m.OpenedMs, m.SentMs)
	}
	m.DeadlineMs = -1
	if rows.Has(mDeadline) {
		m.DeadlineMs = rows.Moment(mDeadline).TsMs
		if m.DeadlineMs < m.SentMs {
			return ingest.ReasonTimeRange
		}
	}
	return ""
}

// readSize reads how many recipients a message has and what goes with it.
func (m *Message) readSize(rows *tabular.Rows) ingest.Reason {
	m.Bytes = -1
	if rows.Has(mBytes) {
		m.Bytes = rows.Number(mBytes)
	}
	recipients := rows.Number(mRecipients)
	if m.Bytes < -1 || rows.Has(mBytes) && m.Bytes < 0 || recipients < 0 || recipients > math.MaxInt32 || rows.Has(mRecipients) && recipients == 0 {
		return ingest.ReasonType
	}
	m.Recipients = int32(recipients)
	var ok bool
	if m.Attached, ok = deliveries.read(rows.Text(mDelivery)); !ok {
		return ingest.ReasonUnknownValue
	}
	return ""
}
