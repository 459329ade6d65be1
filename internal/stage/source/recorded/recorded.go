package recorded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"warder/internal/flow"
)

// Format is how a log is written.
type Format string

// The formats. Auto looks at the content of each file.
const (
	Auto   Format = "auto"
	JSON   Format = "json"   // objects: one a line, in an array, or one behind the other
	EVTX   Format = "evtx"   // event logs of Windows
	EVE    Format = "eve"    // Suricata
	Zeek   Format = "zeek"   // JSON or tab-separated
	Syslog Format = "syslog" // RFC 5424 or 3164, a message a line; also auditd's, web servers' and FortiGate's own lines
)

// Formats lists the formats that can be asked for.
func Formats() []Format { return []Format{Auto, JSON, EVTX, EVE, Zeek, Syslog} }

// Source is the source of every record.
const Source = "file"

// Record is one record and where it stands.
type Record struct {
	// NoLog is set for what lies among a folder's logs and is none of a known kind:
	// Refused says so, and nothing else of the file comes.
	NoLog bool

	Raw  flow.Raw // Channel is the file; Refused says why it cannot be read
	File string
	At   int // the line in files of lines, else the number of the record; from 1. 0 is the file as a whole
}

// Options says how files are read.
type Options struct {
	Format Format           // Auto when empty
	Limit  int              // bytes of one record; DefaultLimit when 0
	Now    func() time.Time // flow.Raw.Received
	Stdin  io.Reader        // what the file "-" is
	Read   func(n int)      // told of every piece of a file that was read, in bytes as they lie on disk; may be nil
}

// DefaultLimit is the size of a record in bytes that is read when nothing else is said.
const DefaultLimit = 1 << 20

// errStop wraps the error of the caller's function.
type errStop struct{ error }

func (e errStop) Unwrap() error { return e.error }

// Read gives every record of the files to each. It ends with the error of each, or
// with the context's.
func Read(ctx context.Context, files []File, o Options, each func(Record) error) error {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	for _, f := range files {
		l := &log{ctx: ctx, o: o, file: f.Path, each: each}
		err := l.open()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if stop := (errStop{}); errors.As(err, &stop) {
			return stop.error
		}
		if err == nil {
			continue
		}
		l.noLog = f.Beside && errors.Is(err, errUnknown)
		if err := l.refuse(0, nil, err.Error()); err != nil {
			return errors.Unwrap(err)
		}
	}
	return nil
}

// log is one file while it is read.
type log struct {
	ctx  context.Context
	o    Options
	file string
	each func(Record) error

	noLog bool // what is refused is the file, for it is no log
}

func (l *log) open() (err error) {
	in := l.stdin()
	if l.file != "-" {
		f, err := openFile(l.ctx, l.file)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	unpacked, done, err := unpack(metered{in, l.o.Read})
	if err != nil {
		return err
	}
	defer done()
	// A record and what tells that it goes on fit into the buffer.
	return l.read(bufio.NewReaderSize(unpacked, l.o.Limit+2))
}

// read chooses the reader by the content, or as it was asked.
func (l *log) read(in *bufio.Reader) error {
	head, err := peek(in)
	if err != nil {
		return err
	}
	if len(head) == 0 {
		return nil
	}
	format := l.o.Format
	if format == "" || format == Auto {
		if format, err = recognise(head); err != nil {
			return err
		}
	}
	switch format {
	case EVTX:
		return l.eventLog(in)
	case Syslog:
		return l.lines(in, l.syslog)
	case Zeek:
		if !startsObject(head) {
			return l.zeek(in)
		}
	}
	return l.objects(in, format)
}

// give hands a record on.
func (l *log) give(at int, raw flow.Raw) error {
	if err := l.ctx.Err(); err != nil {
		return errStop{err}
	}
	raw.Source, raw.Channel = Source, l.file
	if l.o.Now != nil {
		raw.Received = l.o.Now()
	}
	if err := l.each(Record{NoLog: l.noLog, Raw: raw, File: l.file, At: at}); err != nil {
		return errStop{err}
	}
	return nil
}

// refuse hands on what cannot be read.
func (l *log) refuse(at int, data []byte, reason string) error {
	return l.give(at, flow.Raw{Format: flow.FormatJSON, Data: data, Refused: reason})
}

// lines gives every line that is not empty to a function.
func (l *log) lines(in *bufio.Reader, each func(at int, line []byte) error) error {
	for at := 1; ; at++ {
		line, whole, err := nextLine(in, l.o.Limit)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d: %w", at, err)
		}
		switch {
		case !whole:
			err = l.refuse(at, line, tooLong(l.o.Limit))
		case len(line) > 0:
			err = each(at, line)
		}
		if err != nil {
			return err
		}
	}
}

func tooLong(limit int) string { return fmt.Sprintf("it is longer than %d bytes", limit) }

// syslog hands on one message.
func (l *log) syslog(at int, line []byte) error {
	return l.give(at, flow.Raw{Format: flow.FormatSyslog, Data: []byte(framed(string(line)))})
}
