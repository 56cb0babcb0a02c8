// Package zonetest has the rows of the registers as Go structs, for fixtures. The tables themselves are made of the
// descriptors of ingest/register.
package zonetest

// PublicationRow is one publication of grades to a class: times, no grade.
type PublicationRow struct {
	SchoolKey int32 `parquet:"school_key"`
	ClassKey  int64 `parquet:"class_key"`
	TsMs      int64 `parquet:"ts_ms"`
	LocalDate int32 `parquet:"local_date"`
	// AssessedDay is the day of the assessment, ReturnedDay that on which the
	// pupils had their copies back; -1 unknown.
	AssessedDay int32 `parquet:"assessed_day"`
	ReturnedDay int32 `parquet:"returned_day"`
}

// AccompanimentRow is one line of the accompaniment register.
type AccompanimentRow struct {
	PersonKey int64 `parquet:"person_key"`
	LocalDate int32 `parquet:"local_date"`
	// 1 présentation, 2 tutoriel ou documentation, 3 atelier ou médiateur, 4 parent ressource
	Form       int8 `parquet:"form"`
	Collective int8 `parquet:"collective"` // 1 collective, 0 individual
}

// EquipmentRow is one answer to the equipment survey; -1 is no answer.
type EquipmentRow struct {
	ChildKey    int64 `parquet:"child_key"`
	HasComputer int8  `parquet:"has_computer"`
	HasFixedNet int8  `parquet:"has_fixed_net"`
	LocalDate   int32 `parquet:"local_date"`
}

// MessageRow is one message as one recipient has it: times and sizes, no text.
// Keys of people are 0 for an account that no directory knows.
type MessageRow struct {
	MessageKey       int64 `parquet:"message_key"`
	ThreadKey        int64 `parquet:"thread_key"` // that of the message when the register has none
	SchoolKey        int32 `parquet:"school_key"`
	SenderKey        int64 `parquet:"sender_key"`
	SenderProfile    int8  `parquet:"sender_profile"`
	RecipientKey     int64 `parquet:"recipient_key"`
	RecipientProfile int8  `parquet:"recipient_profile"`
	// Recipients is how many the message had.
	Recipients int32 `parquet:"recipients"`
	SentMs     int64 `parquet:"sent_ms"`
	SentDate   int32 `parquet:"sent_date"`
	SentHour   int8  `parquet:"sent_hour"`
	// OpenedMs is when this recipient first opened it, 0 not opened by the time
	// of the export, -1 when the register does not say who opens.
	OpenedMs int64 `parquet:"opened_ms"`
	// Bytes is the size of the file that goes with it, -1 none or unknown;
	// Attached is 1 for an attachment, 0 for a link to a deposit, -1 no file.
	Bytes    int64 `parquet:"bytes"`
	Attached int8  `parquet:"attached"`
	// DeadlineMs is the end of the time given to answer, -1 none.
	DeadlineMs int64 `parquet:"deadline_ms"`
}

// ContentRow is one item published to a class or, with ClassKey 0, to a school.
type ContentRow struct {
	SchoolKey int32 `parquet:"school_key"`
	ClassKey  int64 `parquet:"class_key"`
	TsMs      int64 `parquet:"ts_ms"`
	LocalDate int32 `parquet:"local_date"`
	Kind      int8  `parquet:"kind"`  // 1 blog, 2 cahier numérique, 3 vidéo, 4 actualité
	Media     int8  `parquet:"media"` // 1 with pictures, sound or video of the children
}

// SettingRow is what a school has set, from a day to a day, both included.
type SettingRow struct {
	SchoolKey int32 `parquet:"school_key"`
	// Setting is 1 publication of grades (Value 1 at once, 2 deferred), 2 messages
	// from parents (Value 1 closed, 2 the principal teacher only, 3 all teachers),
	// 3 the ENT product in use (Value is a number of the register's own).
	Setting int8  `parquet:"setting"`
	Value   int32 `parquet:"value"`
	FromDay int32 `parquet:"from_day"` // -1 since ever
	ToDay   int32 `parquet:"to_day"`   // -1 still
}

// ReportBookRow is one publication of the livret scolaire unique of a term to
// the families of one grade level of a school ("" all of them).
type ReportBookRow struct {
	SchoolKey  int32  `parquet:"school_key"`
	GradeLevel string `parquet:"grade_level,dict"`
	TsMs       int64  `parquet:"ts_ms"`
	LocalDate  int32  `parquet:"local_date"`
}

// ProcedureRow is a téléservice that the family of a child may complete.
type ProcedureRow struct {
	ChildKey    int64 `parquet:"child_key"`
	Kind        int8  `parquet:"kind"`         // 1 bourse, 2 orientation, 3 affectation, 4 fiche de renseignements
	DeadlineDay int32 `parquet:"deadline_day"` // -1 unknown
	DoneDay     int32 `parquet:"done_day"`     // -1 not done
}

// LoanRow is a loan of equipment to the family of a child, or the wait for one.
type LoanRow struct {
	ChildKey     int64 `parquet:"child_key"`
	RequestedDay int32 `parquet:"requested_day"` // -1 unknown
	StartDay     int32 `parquet:"start_day"`     // -1 still waiting
	EndDay       int32 `parquet:"end_day"`       // -1 not given back
}

// TrainingRow is a training session held for the staff of a school: no name.
type TrainingRow struct {
	SchoolKey int32 `parquet:"school_key"`
	LocalDate int32 `parquet:"local_date"`
	Sessions  int32 `parquet:"sessions"`
}

// MeetingRow is one person invited to one remote meeting.
type MeetingRow struct {
	MeetingKey int64 `parquet:"meeting_key"`
	PersonKey  int64 `parquet:"person_key"`
	LocalDate  int32 `parquet:"local_date"`
	Joined     int8  `parquet:"joined"` // 1 joined, 0 did not
}
