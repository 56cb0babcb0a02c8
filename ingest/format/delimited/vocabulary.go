package delimited

import "github.com/entscope/entscope/ingest"

// The words that the values of a mapping lead to. Each vocabulary also takes
// the DNMA's code as a number.

// profiles are the words of the field profile.
var profiles = map[string]ingest.Profile{
	"unknown": ingest.ProfileUnknown, "pupil": ingest.ProfilePupil, "teacher": ingest.ProfileTeacher, "parent": ingest.ProfileParent,
	"admin": ingest.ProfileAdmin, "other": ingest.ProfileOther, "local_body": ingest.ProfileLocalBody,
}

var services = map[string]ingest.Service{
	"unknown": ingest.ServiceUnknown, "storage": ingest.ServiceStorage, "collaboration": ingest.ServiceCollaboration,
	"grades": ingest.ServiceGrades, "absences": ingest.ServiceAbsences, "school_life": ingest.ServiceSchoolLife,
	"skills": ingest.ServiceSkills, "timetable": ingest.ServiceTimetable, "homework": ingest.ServiceHomework,
	"messages": ingest.ServiceMessages, "news": ingest.ServiceNews, "booking": ingest.ServiceBooking,
	"resources": ingest.ServiceResources, "library": ingest.ServiceLibrary, "guidance": ingest.ServiceGuidance,
	"paths": ingest.ServicePaths, "local_body": ingest.ServiceLocalBody, "video": ingest.ServiceVideo,
	"portal": ingest.ServicePortal, "sign_in": ingest.ServiceSignIn, "report_book": ingest.ServiceReportBook,
	"grants": ingest.ServiceGrants, "blog": ingest.ServiceBlog, "account": ingest.ServiceAccount, "parent_only": ingest.ServiceParentOnly,
	"accessibility": ingest.ServiceAccessibility,
}

var actions = map[string]ingest.Action{
	"access": ingest.ActionAccess, "login": ingest.ActionLogin, "logout": ingest.ActionLogout, "login_failed": ingest.ActionLoginFailed,
	"activation": ingest.ActionActivation, "send": ingest.ActionSend, "read": ingest.ActionRead, "submit": ingest.ActionSubmit, "download": ingest.ActionDownload,
}

var devices = map[string]ingest.Device{
	"unknown": ingest.DeviceUnknown, "computer": ingest.DeviceComputer, "phone": ingest.DevicePhone, "tablet": ingest.DeviceTablet, "other": ingest.DeviceOther,
}

// ParseProfile reads a profile: a word ("parent") or the DNMA's code ("3").
func ParseProfile(text []byte) (ingest.Profile, bool) { return lookUp(profiles, text) }

// lookUp reads a word of a vocabulary or one of its codes. An empty text is
// unknown, which is the zero of every vocabulary here (access, for an action).
func lookUp[T ~int8](words map[string]T, text []byte) (T, bool) {
	if len(text) == 0 {
		return 0, true
	}
	if v, ok := words[string(text)]; ok {
		return v, true
	}
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > 127 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	for _, v := range words {
		if int(v) == n {
			return v, true
		}
	}
	return 0, false
}
