// Errors and argument checks shared by all classes. Native code throws Failure; only the outermost call turns it into JavaScript.
#pragma once
#include <napi.h>

#include <cmath>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace warpfold {

/** What a RuntimeError of the TypeScript side is made from; empty strings stand for absent parts. */
struct Failure : std::exception {
  std::string code, text, where, remedy;
  Failure(std::string code, std::string text, std::string where = "", std::string remedy = "")
      : code(std::move(code)), text(std::move(text)), where(std::move(where)), remedy(std::move(remedy)) {}
  const char* what() const noexcept override { return text.c_str(); }
};

/** State of one environment (the main thread or a Worker). */
struct Environment {
  Napi::FunctionReference errorClass;
};

/** The failure as a RuntimeError, or as a plain Error carrying the same fields before `install` was called. */
inline Napi::Value toJs(Napi::Env env, const Failure& failure) {
  auto* state = env.GetInstanceData<Environment>();
  if (state == nullptr || state->errorClass.IsEmpty()) {
    Napi::Error error = Napi::Error::New(env, failure.text);
    error.Set("code", Napi::String::New(env, failure.code));
    return error.Value();
  }
  Napi::Object details = Napi::Object::New(env);
  if (!failure.where.empty()) details.Set("where", failure.where);
  if (!failure.remedy.empty()) details.Set("remedy", failure.remedy);
  return state->errorClass.New({Napi::String::New(env, failure.code), Napi::String::New(env, failure.text), details});
}

[[noreturn]] inline void throwJs(Napi::Env env, const Failure& failure) { throw Napi::Error(env, toJs(env, failure)); }

/** Runs `body`; every C++ exception leaves as a JavaScript one. */
template <class Body>
auto guarded(Napi::Env env, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Failure& failure) {
    throwJs(env, failure);
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throwJs(env, Failure("R014", "out of memory"));
  } catch (const std::exception& error) {
    throwJs(env, Failure("R010", error.what()));
  }
}

/** A double that must be a whole number in [0, 2^53]. */
inline uint64_t wholeNumber(double value, const char* name) {
  if (!(value >= 0) || value > 9007199254740991.0 || value != std::floor(value))
    throw Failure("R010", std::string(name) + " is " + std::to_string(value) + ", it must be a whole number from 0 to 2^53");
  return static_cast<uint64_t>(value);
}

inline uint64_t sizeArg(const Napi::CallbackInfo& info, size_t index, const char* name) {
  const Napi::Value value = info[index];
  if (!value.IsNumber()) throw Failure("R010", std::string(name) + " must be a number");
  return wholeNumber(value.As<Napi::Number>().DoubleValue(), name);
}

inline std::string textArg(const Napi::CallbackInfo& info, size_t index, const char* name) {
  const Napi::Value value = info[index];
  if (!value.IsString()) throw Failure("R010", std::string(name) + " must be a string");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos) throw Failure("R010", std::string(name) + " contains a zero byte");
  return text;
}

struct Bytes { const char* data; size_t length; };

inline Bytes bytesArg(const Napi::CallbackInfo& info, size_t index, const char* name) {
  const Napi::Value value = info[index];
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) throw Failure("R010", std::string(name) + " must be a Uint8Array");
  const Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  return {reinterpret_cast<const char*>(array.Data()), array.ByteLength()};
}

/** The object behind a JavaScript value. The tag keeps an object of another class, or a borrowed method, from being taken for a T. */
template <class T>
T& unwrap(const Napi::Value& value) {
  if (value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&T::tag)) return *Napi::ObjectWrap<T>::Unwrap(value.As<Napi::Object>());
  throw Failure("R010", std::string("expected a ") + T::className);
}

/** A method of a class as a plain function that checks `this` before it touches it. */
template <class T, Napi::Value (T::*member)(const Napi::CallbackInfo&)>
Napi::Value call(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] { return (unwrap<T>(info.This()).*member)(info); });
}

template <class T, Napi::Value (T::*member)(const Napi::CallbackInfo&)>
void method(const Napi::Function& constructor, const char* name) {
  constructor.Get("prototype").As<Napi::Object>().Set(name, Napi::Function::New<call<T, member>>(constructor.Env(), name));
}

}  // namespace warpfold
