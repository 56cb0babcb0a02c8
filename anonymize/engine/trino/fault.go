package trino

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	client "github.com/trinodb/trino-go-client/trino"
)

var (
	// ErrConfig says that the engine is not reached as it is configured: its address, certificate, user, password,
	// catalog or folder.
	ErrConfig = errors.New("the engine's configuration")
	// ErrUnavailable says that the same may succeed later: the engine does not answer, starts, or has no room.
	ErrUnavailable = errors.New("the engine cannot do it now")
	// ErrTooLarge says that an answer is larger than was announced.
	ErrTooLarge = errors.New("an answer is too large")
)

// planned are faults that are found before a row is read, so that their message holds none.
var planned = []string{"SYNTAX_ERROR", "COLUMN_NOT_FOUND", "TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND", "CATALOG_NOT_FOUND",
	"TYPE_MISMATCH", "FUNCTION_NOT_FOUND", "NOT_SUPPORTED", "PERMISSION_DENIED", "INVALID_TABLE_PROPERTY",
	"INVALID_PARAMETER_USAGE", "QUERY_HAS_TOO_MANY_STAGES", "SCHEMA_ALREADY_EXISTS", "MISSING_CATALOG_NAME"}

// passing are faults of the cluster that are no fault of the statement, beside those of its room.
var passing = []string{"SERVER_STARTING_UP", "SERVER_SHUTTING_DOWN", "NO_NODES_AVAILABLE", "ADMINISTRATIVELY_KILLED",
	"ADMINISTRATIVELY_PREEMPTED", "CLUSTER_OUT_OF_MEMORY", "TOO_MANY_REQUESTS_FAILED", "REMOTE_TASK_ERROR",
	"REMOTE_TASK_MISMATCH", "REMOTE_HOST_GONE", "PAGE_TRANSPORT_ERROR", "PAGE_TRANSPORT_TIMEOUT", "QUERY_QUEUE_FULL",
	"ABANDONED_QUERY", "ABANDONED_TASK"}

// fault says what an error of the client means. The message of a fault that is found while rows are read may hold
// one, and is left out.
func fault(err error) error {
	var said client.ErrTrino
	if said, ok := asTrino(err, &said); ok {
		text := brief(said.ErrorName)
		if slices.Contains(planned, said.ErrorName) {
			text += ": " + said.Message
		}
		switch {
		case said.ErrorType == "INSUFFICIENT_RESOURCES" || slices.Contains(passing, said.ErrorName):
			return fmt.Errorf("trino: %w: %s", ErrUnavailable, text)
		case slices.Contains([]string{"CATALOG_NOT_FOUND", "PERMISSION_DENIED", "MISSING_CATALOG_NAME"}, said.ErrorName):
			return fmt.Errorf("trino: %w: %s", ErrConfig, text)
		}
		return fmt.Errorf("trino: %s", text)
	}
	var failed *client.ErrQueryFailed
	var network *net.OpError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, ErrTooLarge):
		return fmt.Errorf("trino: %w", ErrTooLarge)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("trino: %w", context.Canceled)
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid), errors.As(err, &verification),
		errors.As(err, &record):
		return fmt.Errorf("trino: %w: TLS: the server's certificate is not trusted, or it speaks no TLS; hint: "+
			"engine.ca_file", ErrConfig)
	case errors.As(err, &failed) && (failed.StatusCode == http.StatusUnauthorized ||
		failed.StatusCode == http.StatusForbidden):
		return fmt.Errorf("trino: %w: user or password refused (%d)", ErrConfig, failed.StatusCode)
	case errors.As(err, &failed) && failed.StatusCode >= 500, errors.As(err, &network),
		errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("trino: %w: it does not answer", ErrUnavailable)
	case errors.As(err, &failed):
		return fmt.Errorf("trino: status %d", failed.StatusCode)
	}
	return fmt.Errorf("trino: %w", err)
}

func asTrino(err error, said *client.ErrTrino) (client.ErrTrino, bool) {
	var pointer *client.ErrTrino
	switch {
	case errors.As(err, said):
		return *said, true
	case errors.As(err, &pointer):
		return *pointer, true
	}
	return client.ErrTrino{}, false
}

// brief is a word of the server, short and plain.
func brief(word string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._- ", r) {
			return r
		}
		return -1
	}, word)
	return plain[:min(len(plain), 60)]
}
