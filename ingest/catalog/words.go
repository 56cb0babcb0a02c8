package catalog

import "github.com/entscope/entscope/ingest"

// The words of the table. They are also those of value maps in study.toml.
var (
	services = map[string]ingest.Service{
		"-": ingest.ServiceUnknown, "storage": ingest.ServiceStorage, "collaboration": ingest.ServiceCollaboration,
		"grades": ingest.ServiceGrades, "absences": ingest.ServiceAbsences, "school-life": ingest.ServiceSchoolLife,
		"skills": ingest.ServiceSkills, "timetable": ingest.ServiceTimetable, "homework": ingest.ServiceHomework,
		"messages": ingest.ServiceMessages, "news": ingest.ServiceNews, "booking": ingest.ServiceBooking,
		"resources": ingest.ServiceResources, "library": ingest.ServiceLibrary, "guidance": ingest.ServiceGuidance,
		"paths": ingest.ServicePaths, "local-body": ingest.ServiceLocalBody, "video": ingest.ServiceVideo,
		"portal": ingest.ServicePortal, "sign-in": ingest.ServiceSignIn, "report-book": ingest.ServiceReportBook,
		"grants": ingest.ServiceGrants, "blog": ingest.ServiceBlog, "account": ingest.ServiceAccount,
		"parent-only": ingest.ServiceParentOnly, "accessibility": ingest.ServiceAccessibility,
	}
	profiles = map[string]ingest.Profile{
		"-": ingest.ProfileUnknown, "pupil": ingest.ProfilePupil, "teacher": ingest.ProfileTeacher,
		"parent": ingest.ProfileParent, "admin": ingest.ProfileAdmin, "other": ingest.ProfileOther,
		"local-body": ingest.ProfileLocalBody,
	}
	actions = map[string]ingest.Action{
		"-": ingest.ActionAccess, "access": ingest.ActionAccess, "login": ingest.ActionLogin, "logout": ingest.ActionLogout,
		"login-failed": ingest.ActionLoginFailed, "activation": ingest.ActionActivation, "send": ingest.ActionSend,
		"read": ingest.ActionRead, "submit": ingest.ActionSubmit, "download": ingest.ActionDownload,
	}
	rules = map[string]ingest.Rule{
		"static": ingest.RuleStatic, "robot": ingest.RuleRobot, "keep-alive": ingest.RuleKeepAlive,
		"health": ingest.RuleHealth, "anonymous": ingest.RuleAnonymous, "not-activity": ingest.RuleNotActivity,
		"failed": ingest.RuleFailed,
	}
)
