/*
 * Functions over the structs of raylib 5 (raylib.h, zlib licence), which it passes by value, without
 * its windows and OpenGL: what raymath.h and rmodels.c compute.
 */
#include <math.h>
#include <stdbool.h>

typedef struct Vector2 { float x; float y; } Vector2;
typedef struct Vector3 { float x; float y; float z; } Vector3;
typedef struct Matrix {
  float m0, m4, m8, m12;
  float m1, m5, m9, m13;
  float m2, m6, m10, m14;
  float m3, m7, m11, m15;
} Matrix;
typedef struct Color { unsigned char r, g, b, a; } Color;
typedef struct Rectangle { float x, y, width, height; } Rectangle;
typedef struct Camera3D {
  Vector3 position;
  Vector3 target;
  Vector3 up;
  float fovy;
  int projection;
} Camera3D;
typedef struct Ray { Vector3 position; Vector3 direction; } Ray;
typedef struct RayCollision { bool hit; float distance; Vector3 point; Vector3 normal; } RayCollision;

Vector2 Vector2Rotate(Vector2 v, float angle) {
  return (Vector2){v.x * cosf(angle) - v.y * sinf(angle), v.x * sinf(angle) + v.y * cosf(angle)};
}

static Vector3 add(Vector3 a, Vector3 b) { return (Vector3){a.x + b.x, a.y + b.y, a.z + b.z}; }

static Vector3 scale(Vector3 v, float by) { return (Vector3){v.x * by, v.y * by, v.z * by}; }

static float dot(Vector3 a, Vector3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

static Vector3 normalize(Vector3 v) { return scale(v, 1.0f / sqrtf(dot(v, v))); }

Vector3 Vector3CrossProduct(Vector3 a, Vector3 b) {
  return (Vector3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

Vector3 Vector3Transform(Vector3 v, Matrix m) {
  return (Vector3){m.m0 * v.x + m.m4 * v.y + m.m8 * v.z + m.m12,
                   m.m1 * v.x + m.m5 * v.y + m.m9 * v.z + m.m13,
                   m.m2 * v.x + m.m6 * v.y + m.m10 * v.z + m.m14};
}

Matrix MatrixTranslate(float x, float y, float z) {
  return (Matrix){.m0 = 1, .m5 = 1, .m10 = 1, .m15 = 1, .m12 = x, .m13 = y, .m14 = z};
}

/* The transformation by `left`, then by `right`. */
Matrix MatrixMultiply(Matrix left, Matrix right) {
  const float *const a = &left.m0, *const b = &right.m0; /* rows of four, as declared */
  Matrix result;
  for (int row = 0; row < 4; row++) {
    for (int column = 0; column < 4; column++) {
      float sum = 0;
      for (int k = 0; k < 4; k++) sum += b[row * 4 + k] * a[k * 4 + column];
      (&result.m0)[row * 4 + column] = sum;
    }
  }
  return result;
}

Rectangle GetCollisionRec(Rectangle a, Rectangle b) {
  const float left = fmaxf(a.x, b.x), right = fminf(a.x + a.width, b.x + b.width);
  const float top = fmaxf(a.y, b.y), bottom = fminf(a.y + a.height, b.y + b.height);
  if (left >= right || top >= bottom) return (Rectangle){0};
  return (Rectangle){left, top, right - left, bottom - top};
}

Color ColorAlpha(Color color, float alpha) {
  color.a = (unsigned char)(255.0f * fminf(fmaxf(alpha, 0.0f), 1.0f));
  return color;
}

int ColorToInt(Color color) {
  return (int)((unsigned)color.r << 24 | (unsigned)color.g << 16 | (unsigned)color.b << 8 | color.a);
}

/* The ray from the camera through the middle of its screen. */
Ray GetViewRay(Camera3D camera) {
  return (Ray){camera.position, normalize(add(camera.target, scale(camera.position, -1)))};
}

RayCollision GetRayCollisionSphere(Ray ray, Vector3 center, float radius) {
  const Vector3 to = add(center, scale(ray.position, -1));
  const float along = dot(to, ray.direction);
  const float d = radius * radius - (dot(to, to) - along * along);
  RayCollision result = {.hit = d >= 0 && along >= 0};
  if (!result.hit) return result;
  result.distance = along - sqrtf(d);
  result.point = add(ray.position, scale(ray.direction, result.distance));
  result.normal = normalize(add(result.point, scale(center, -1)));
  return result;
}

/* Through a pointer, as raylib moves cameras. */
void CameraMoveForward(Camera3D *camera, float distance) {
  const Vector3 step = scale(GetViewRay(*camera).direction, distance);
  camera->position = add(camera->position, step);
  camera->target = add(camera->target, step);
}
